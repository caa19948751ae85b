"""What a stack puts before its bucket so that readers can open its pages: a CloudFront distribution.

Of the bucket it may read what lies below `digests/`, which is the root of its addresses, and may list nothing; the
bucket stays private (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html).
How long a file is kept stands in the file's own `Cache-Control`.
"""

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.acknowledgements import acknowledge_distribution
from shared.ledger import keys

_POLICY = "base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
"""What holds for every file, and what a page cannot say itself: each page's own policy, which is stricter, holds beside
it (https://www.w3.org/TR/CSP3/#multiple-policies)."""
_YEAR = Duration.days(365)


def add_distribution(scope: Construct, bucket: s3.Bucket) -> cloudfront.Distribution:
    """A distribution of what is published in `bucket`, and the bucket's leave to read it."""
    control = cloudfront.S3OriginAccessControl(scope, "SiteAccess", signing=cloudfront.Signing.SIGV4_ALWAYS)
    distribution = cloudfront.Distribution(
        scope,
        "Site",
        comment="The digests of chorok.",
        default_root_object=keys.PAGE,
        default_behavior=cloudfront.BehaviorOptions(
            # Not `with_origin_access_control`, which would let it read the whole bucket.
            origin=origins.S3BucketOrigin.with_bucket_defaults(
                bucket,
                origin_path=f"/{keys.DIGESTS.removesuffix('/')}",
                origin_access_control_id=control.origin_access_control_id,
            ),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD,
            compress=True,
            cache_policy=_cache_policy(scope),
            response_headers_policy=_headers_policy(scope),
        ),
        http_version=cloudfront.HttpVersion.HTTP2_AND_3,
    )
    bucket.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal("cloudfront.amazonaws.com")],
            actions=["s3:GetObject"],
            resources=[bucket.arn_for_objects(f"{keys.DIGESTS}*")],
            conditions={"StringEquals": {"AWS:SourceArn": distribution.distribution_arn}},
        )
    )
    acknowledge_distribution(distribution)
    return distribution


def _cache_policy(scope: Construct) -> cloudfront.CachePolicy:
    """Each file is kept for as long as it says; one that says nothing is asked for again."""
    return cloudfront.CachePolicy(
        scope,
        "SiteCache",
        min_ttl=Duration.seconds(0),
        default_ttl=Duration.seconds(0),
        max_ttl=_YEAR,
        enable_accept_encoding_gzip=True,
        enable_accept_encoding_brotli=True,
    )


def _headers_policy(scope: Construct) -> cloudfront.ResponseHeadersPolicy:
    return cloudfront.ResponseHeadersPolicy(
        scope,
        "SiteHeaders",
        security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
            content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                content_security_policy=_POLICY, override=True
            ),
            content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
            frame_options=cloudfront.ResponseHeadersFrameOptions(
                frame_option=cloudfront.HeadersFrameOption.DENY, override=True
            ),
            referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
            ),
            strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                access_control_max_age=_YEAR, override=True
            ),
        ),
    )
