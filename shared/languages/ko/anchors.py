"""Words of abstracts and how Korean says them: by these, sentences that belong together find each other.

This is not a dictionary: a word is here because nearly every translator of papers renders it in one of these ways.
`optimi` stands for optimize, optimise, optimal and optimization; 신뢰 for whatever holds it. Function words are left
out, for Korean has none, and so is what every sentence of an abstract holds.
"""

from shared.text.lexicon import Lexicon

ANCHORS = Lexicon("""
accura: 정확
adapt: 적응 적용 맞춤 맞추 조정
advers: 적대 악의
agent: 에이전트
algorithm: 알고리즘
align: 정렬 일치 맞추
alternative: 대안 대체
ambigu: 모호
analy: 분석 해석
annotat: 주석 라벨 레이블 어노테이션
application: 응용 적용 애플리케이션
architect: 아키텍처 구조
artificial: 인공
assess: 평가
assum: 가정 전제
attack: 공격
attention: 어텐션 주의 주목
audio: 오디오 음성 음향
augment: 증강 보강 강화
automat: 자동
autonom: 자율
available: 공개 이용 사용 제공 확인 가용
average: 평균
balanc: 균형 절충
baseline: 기준 베이스라인
behavio: 행동 거동 동작
benchmark: 벤치마크
benefit: 이점 혜택 이익 유익
bias: 편향 편견 바이어스
bound: 경계 한계 상한 하한
bridg: 다리 연결 격차 잇는 메우
camera: 카메라
capabilit abilit: 능력 기능 역량
capture: 포착 캡처 담아 반영 파악
categor: 범주 카테고리 분류
causal: 인과
challeng: 도전 과제 어려 난제 문제
character: 특성 특징
classif: 분류
clinic: 임상
cluster: 클러스터 군집
code: 코드 부호
collaborat: 협력 협업 공동
combin: 결합 조합
communicat: 통신 소통 의사소통 커뮤니케이션
communit: 커뮤니티 공동체
compar: 비교 비해 비슷 대비 상응
competit: 경쟁
complex: 복잡 복소
component: 구성 요소 성분 컴포넌트
comprehens: 포괄 종합 이해
compress: 압축
comput: 계산 컴퓨 연산 컴퓨터
concept: 개념 콘셉트
condition: 조건 상태
confiden: 신뢰 확신 자신감
consisten: 일관 일치
constrain: 제약 제한
context: 문맥 맥락 컨텍스트 상황
continu: 연속 지속 계속
contrast: 대조 대비 반면 달리
contribut: 기여 공헌
control: 제어 통제 컨트롤 조절
convent: 전통 기존 관습 종래
converge: 수렴
convolution: 합성곱 컨볼루션 콘볼루션
cost: 비용 대가
creat: 생성 만들 창의 창출 구축 제작
critical crucial: 중요 결정적 필수 치명 비판
curr: 현재 오늘날 최신 커리큘럼
data: 데이터 자료
dataset: 데이터셋 데이터 자료
decision: 결정 의사
decod: 디코 복호 해독
deep: 심층 딥 깊
demand: 요구 수요
depend: 의존 종속 달려 따라
deploy: 배포 배치 배치
design: 설계 디자인 고안
detail: 세부 자세 상세 디테일
detect: 탐지 감지 검출 발견
diagnos: 진단
differen: 차이 다른 다양 서로 차별 다르
diffus: 확산 디퓨전
dimension: 차원
discover: 발견
distill: 증류
distribut: 분포 분산 배포
divers: 다양
document: 문서 기록
domain: 도메인 분야 영역
dynamic: 동적 역동 동역학 역학 다이내믹
edit: 편집 수정
effective: 효과 유효
efficien: 효율
embed: 임베딩 내장 삽입 매립
empiric: 실증 경험 실험
encod: 인코 부호화 인코딩
energ: 에너지
engineer: 공학 엔지니어
environment: 환경
error: 오류 오차 에러
estimat: 추정 추산 예측
evaluat: 평가
evidence eviden: 증거 근거
evol: 진화 발전 변화
exist: 기존 존재 현존 현재
expensive: 비싼 비용 비싸 고가
experiment: 실험
expert: 전문
explain explanat: 설명
explicit: 명시 명확
explor: 탐색 탐구 탐험 살펴
extensive: 광범위 폭넓 방대 포괄
external: 외부
extract: 추출
fail: 실패 못하 못합 못한 못했 고장
fair: 공정 공평
feature: 특징 피처 특성 기능
feder: 연합
feedback: 피드백
finding: 결과 발견 연구
fine-tun finetun: 미세 파인튜닝
flexib: 유연
flow: 흐름 플로우 유동 유량
focus: 초점 집중 중점
foundation: 기반 파운데이션 기초 토대
framework: 프레임워크 틀 체계
function: 함수 기능
fundamental: 근본 기본 기초
fus: 융합 결합 통합
future: 미래 향후 앞으로
gap: 격차 간극 차이 공백 갭
gaussian: 가우시안 가우스
general: 일반 범용 일반화
generat: 생성 세대 발생 제너
geometr: 기하
global: 전역 글로벌 전체 세계
gradient: 기울기 그래디언트 경사 그라디언트
graph: 그래프
ground: 근거 기반 접지 실측 지상 토대
guid: 지침 안내 유도 가이드 지도
healthcare health: 의료 건강 보건 헬스케어
heterogen: 이질 이기종 이종
hierarch: 계층 위계
human: 인간 사람 휴먼
hybrid: 하이브리드 혼합
identif: 식별 확인 파악 규명 동일
image: 이미지 영상 화상
impact: 영향 충격
implement: 구현 실행 시행
improv: 개선 향상 높
incorporat: 통합 포함 결합 도입 반영
increas: 증가 높 늘 향상 커 점점 더욱 점차
individual: 개별 개인
infer: 추론 추정
influenc: 영향
inform: 정보 알리
inherent: 본질 내재 고유
input: 입력
integrat: 통합 결합
intellig: 지능 인텔리
interact: 상호작용 상호 대화
interpretab: 해석
investigat: 조사 연구 탐구 살펴 규명
issue: 문제 이슈 쟁점
iterat: 반복
joint: 공동 결합 관절 함께 동시
knowledge: 지식
label: 레이블 라벨 표시 표지
language: 언어
large: 대규모 대형 큰 거대 많
latency delay: 지연 대기
latent: 잠재
layer: 레이어 계층 층
learn: 학습 배우 러닝
level: 수준 레벨 단계
leverag: 활용 이용
lightweight: 경량 가벼
limitation: 한계 제한 제약
linear: 선형
literature: 문헌 문학
local: 로컬 지역 국소 국부
logic: 논리
loss: 손실
machine: 기계 머신
maintain: 유지
manag: 관리
manual: 수동 수작업 매뉴얼
map: 매핑 지도 맵 사상
math: 수학
measur: 측정 척도 조치
mechanism: 메커니즘 기제 기법 장치
medic: 의료 의학 약물
memor: 메모리 기억
method: 방법 기법 방식
metric: 메트릭 지표 척도 거리 측도 계량
minim: 최소
mitigat: 완화 줄이 줄여
modal: 모달 양식
modular module: 모듈
motion: 운동 모션 움직 동작
multimodal multi-modal: 멀티모달 다중 다중모달 멀티
natural: 자연
network: 네트워크 신경망 망
neural: 신경 뉴럴
nois: 노이즈 잡음 소음
novel: 새로 신규 참신 혁신
object: 객체 물체 목적 목표 대상 사물 객관
observ: 관찰 관측
online: 온라인
optimal optimi: 최적
outperform: 능가 뛰어 우수 앞서 웃돌 초과 상회
output: 출력 결과 산출
overcom: 극복 해결
paradigm: 패러다임
parameter: 매개변수 파라미터 모수
patient: 환자
pattern: 패턴 양상 유형
perform: 성능 수행 성과 실행
person: 개인 사람 인물 인간 페르소나
physic: 물리 신체
pipeline: 파이프라인
plan: 계획 플래닝 평면
polic: 정책
potential: 잠재 가능성 퍼텐셜 포텐셜
practic: 실용 실제 실무 관행 실천 실질
precis: 정밀 정확
predict: 예측 예견
preserv: 보존 유지 보호
pretrain pre-train: 사전
previous prior: 이전 기존 사전 선행 앞선 우선
princip: 원칙 원리 주요 주성분
privacy: 프라이버시 개인 사생활
probabil: 확률
process: 과정 처리 프로세스 공정
prompt: 프롬프트 신속 유도 촉구
propert: 속성 특성 성질
propos: 제안 제시
provid: 제공 마련
public: 공개 공공 대중 공적
qualit: 품질 질 정성
quantif quantit: 정량 양적 정량화 수량
quantum: 양자
quer: 쿼리 질의 질문
question: 질문 질의 문제 의문
random: 무작위 랜덤 임의 난수
real-world: 실제 현실 실세계
reason: 추론 이유 합리
recent: 최근
recogni: 인식 인정
reconstruct: 재구성 복원
reduc: 줄이 감소 줄여 축소 절감 줄 낮 저감 경감
refin: 정제 개선 세분 다듬 정밀 미세
regress: 회귀
regulariz: 정규화 정칙
reinforcement: 강화
reliab: 신뢰
rely relie: 의존
represent: 표현 대표 나타
requir: 필요 요구 요건
research: 연구
resolution: 해상도 해결 분해능
resourc: 자원 리소스 리소스
respon: 응답 반응 책임 대응
result: 결과
retriev: 검색
reveal: 드러 밝 보여 나타
review: 검토 리뷰 고찰 심사
reward: 보상 리워드
risk: 위험 리스크
robot: 로봇
robust: 견고 강건 강인 강력 로버스트
sampl: 샘플 표본 샘플링
scal: 확장 규모 스케일 척도
scenario: 시나리오 상황
scene: 장면 씬
scientif science: 과학
score: 점수 스코어
search: 검색 탐색 서치
secur: 보안 안전 확보
segment: 분할 세그 구간
select: 선택 선별
semantic: 의미 시맨틱 시멘틱
sensor: 센서
sequen: 시퀀스 순차 순서 서열 연속
signal: 신호
significan: 크게 상당 유의 중요 현저 의미
similar: 유사 비슷 마찬가지
simulat: 시뮬레이 모의
social: 사회 소셜
software: 소프트웨어
solution solv: 해결 솔루션 풀 해법 해를 해는 해의
spars: 희소 스파스 부족
spatial space: 공간
speech: 음성 발화 말 담화
stab: 안정
standard: 표준 기준
static: 정적 정지
strateg: 전략
structur: 구조 정형
struggl: 어려 고전
student: 학생
stud: 연구 조사 학습
suffer: 겪 시달 어려 고통
superior: 우수 뛰어 우월
supervis: 지도 감독
support: 지원 지지 뒷받침
survey: 조사 설문 서베이 개관
symbol: 기호 상징 심볼
synth: 합성 종합
system: 시스템 체계 계통 체제
systematic: 체계
target: 목표 대상 타겟 타깃 표적
task: 작업 과제 태스크 업무
teacher: 교사 선생
techni: 기술 기법 테크닉
temporal: 시간 시계열 시간적
test: 테스트 시험 검정 검사
text: 텍스트 글 본문 문자
theor: 이론 정리
time: 시간 시점 시계열 실시간 시기 제때
token: 토큰
tool: 도구 툴
traditional: 전통 기존
train: 훈련 학습
trajector: 궤적
transfer: 전이 이전 전달 전송
transform: 변환 트랜스포머 변형 변화 전환 혁신
translat: 번역 변환 전환 이어
treatment: 치료 처리 처치
tree: 트리 나무
type: 유형 타입 종류
uncertain: 불확실
understand: 이해
unified: 통합 통일 단일
unsupervis: 비지도
updat: 업데이트 갱신
use user: 사용 이용 활용 쓰 유저
utilit: 유용 효용 유틸
valid: 검증 타당 유효 확인
variab: 변수 변동 가변 변이
vector: 벡터
vehicle: 차량 자동차
verif: 검증 확인
video: 비디오 영상 동영상
vision visual: 비전 시각 시력 영상 비주얼
vulnerab: 취약
weak: 약한 약점 약 취약
web: 웹
weight: 가중 무게 중량
word: 단어 말 어휘
workflow: 워크플로 작업
""")
