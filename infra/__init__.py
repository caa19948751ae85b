"""Where the pipeline runs: the CDK stack, its assets, and the embedded cloud that deploys the same template."""
