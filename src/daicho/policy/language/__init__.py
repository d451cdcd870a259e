"""方針の言語  The policy language: one YAML document in the company's own words, in ja and en.

`read_policy` reads it; `Policy` is what every other room is handed. Reading needs no
database, no network and no clock.
"""

from daicho.policy.language.data import (
    CollectionPoint,
    DataItem,
    Purpose,
    PurposeRow,
    Retention,
    SubjectCategory,
    SubjectKind,
)
from daicho.policy.language.document import DEFAULT_CURE_DAYS, FORMAT, Policy
from daicho.policy.language.parties import (
    AccreditedBody,
    Desk,
    Entrustee,
    Handles,
    JointUse,
    Officer,
    OfficerRole,
    Organisation,
    Recipient,
)
from daicho.policy.language.procedure import (
    AcceptedId,
    AgentRule,
    Arrival,
    AuthorityPaper,
    Delivery,
    FeeUnit,
    Instrument,
    OnRefusal,
    ReplyBy,
    ShortFee,
)
from daicho.policy.language.procedure import FeeRate as Fee
from daicho.policy.language.reading import PolicyFile, read_policy
from daicho.policy.language.schema import policy_schema, policy_schema_text
from daicho.policy.language.statements import Promise, Promised

__all__ = [
    "DEFAULT_CURE_DAYS",
    "FORMAT",
    "AcceptedId",
    "AccreditedBody",
    "AgentRule",
    "Arrival",
    "AuthorityPaper",
    "CollectionPoint",
    "DataItem",
    "Delivery",
    "Desk",
    "Entrustee",
    "Fee",
    "FeeUnit",
    "Handles",
    "Instrument",
    "JointUse",
    "Officer",
    "OfficerRole",
    "OnRefusal",
    "Organisation",
    "Policy",
    "PolicyFile",
    "Promise",
    "Promised",
    "Purpose",
    "PurposeRow",
    "Recipient",
    "ReplyBy",
    "Retention",
    "ShortFee",
    "SubjectCategory",
    "SubjectKind",
    "policy_schema",
    "policy_schema_text",
    "read_policy",
]
