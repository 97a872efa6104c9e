//! What was done, to what, and how it ended.

use serde::{Deserialize, Serialize};

use super::Text;

/// What was done.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Action<'a> {
    /// The service, short (`iam`, `s3`).
    pub service: Text<'a>,
    /// The operation as the provider names it (`CreateAccessKey`).
    pub operation: Text<'a>,
    /// What it does to its target.
    pub access: Access,
    /// Whether it is one of the few actions whose first use weighs by itself.
    pub sensitivity: Option<Sensitivity>,
    /// The MITRE ATT&CK tactic that it serves in known attacks, where it is in our catalogue.
    pub tactic: Option<Tactic>,
    /// The ATT&CK technique or sub-technique (`T1098.001`), where it is in our catalogue.
    pub technique: Option<Text<'a>>,
}

impl Action<'_> {
    /// `service:operation`, for example `iam:CreateAccessKey`.
    pub fn name(&self) -> String {
        format!("{}:{}", self.service, self.operation)
    }
}

/// What an action does to its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Lists what there is.
    List,
    /// Reads settings or metadata.
    Read,
    /// Reads the data itself (objects, items, messages).
    DataRead,
    /// Changes something.
    Write,
    /// Changes the data itself.
    DataWrite,
    /// Changes who may do what.
    Permissions,
    /// Changes tags only.
    Tagging,
    /// Not known to us and not said by the log.
    Unknown,
}

impl Access {
    /// Every one, in the order of declaration.
    pub const ALL: [Access; 8] = [
        Access::List,
        Access::Read,
        Access::DataRead,
        Access::Write,
        Access::DataWrite,
        Access::Permissions,
        Access::Tagging,
        Access::Unknown,
    ];

    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Access::List => "list",
            Access::Read => "read",
            Access::DataRead => "data_read",
            Access::Write => "write",
            Access::DataWrite => "data_write",
            Access::Permissions => "permissions",
            Access::Tagging => "tagging",
            Access::Unknown => "unknown",
        }
    }

    /// Whether nothing is changed by it.
    pub fn is_read(self) -> bool {
        matches!(self, Access::List | Access::Read | Access::DataRead)
    }
}

/// The classes of action whose first use by an identity is evidence by itself (model, section 2.3, `sens`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// Reads a secret.
    SecretRead,
    /// Creates or changes an identity, a credential, a permission or a trust.
    IamWrite,
    /// Stops, deletes or blinds a log or a detector.
    LogControl,
    /// Destroys data or the means to recover it.
    Destructive,
}

impl Sensitivity {
    /// Every class, in the order of declaration.
    pub const ALL: [Sensitivity; 4] =
        [Sensitivity::SecretRead, Sensitivity::IamWrite, Sensitivity::LogControl, Sensitivity::Destructive];

    /// The name used in output and configuration.
    pub fn name(self) -> &'static str {
        match self {
            Sensitivity::SecretRead => "secret_read",
            Sensitivity::IamWrite => "iam_write",
            Sensitivity::LogControl => "log_control",
            Sensitivity::Destructive => "destructive",
        }
    }
}

/// The tactics of MITRE ATT&CK, Enterprise, version 19.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tactic {
    /// TA0001
    InitialAccess,
    /// TA0002
    Execution,
    /// TA0003
    Persistence,
    /// TA0004
    PrivilegeEscalation,
    /// TA0005 (version 19 calls it Stealth)
    Stealth,
    /// TA0112 (new in version 19, from the former Defense Evasion)
    DefenseImpairment,
    /// TA0006
    CredentialAccess,
    /// TA0007
    Discovery,
    /// TA0008
    LateralMovement,
    /// TA0009
    Collection,
    /// TA0010
    Exfiltration,
    /// TA0040
    Impact,
}

impl Tactic {
    /// Every tactic, in the order of an attack.
    pub const ALL: [Tactic; 12] = [
        Tactic::InitialAccess,
        Tactic::Execution,
        Tactic::Persistence,
        Tactic::PrivilegeEscalation,
        Tactic::Stealth,
        Tactic::DefenseImpairment,
        Tactic::CredentialAccess,
        Tactic::Discovery,
        Tactic::LateralMovement,
        Tactic::Collection,
        Tactic::Exfiltration,
        Tactic::Impact,
    ];

    /// Its id (`TA0003`) and name (`Persistence`).
    pub fn id_and_name(self) -> (&'static str, &'static str) {
        match self {
            Tactic::InitialAccess => ("TA0001", "Initial Access"),
            Tactic::Execution => ("TA0002", "Execution"),
            Tactic::Persistence => ("TA0003", "Persistence"),
            Tactic::PrivilegeEscalation => ("TA0004", "Privilege Escalation"),
            Tactic::Stealth => ("TA0005", "Stealth"),
            Tactic::DefenseImpairment => ("TA0112", "Defense Impairment"),
            Tactic::CredentialAccess => ("TA0006", "Credential Access"),
            Tactic::Discovery => ("TA0007", "Discovery"),
            Tactic::LateralMovement => ("TA0008", "Lateral Movement"),
            Tactic::Collection => ("TA0009", "Collection"),
            Tactic::Exfiltration => ("TA0010", "Exfiltration"),
            Tactic::Impact => ("TA0040", "Impact"),
        }
    }
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It did what was asked.
    Success,
    /// It was refused or failed.
    Failure,
    /// The log does not say.
    Unknown,
}

impl Outcome {
    /// Every one, in the order of declaration.
    pub const ALL: [Outcome; 3] = [Outcome::Success, Outcome::Failure, Outcome::Unknown];

    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Success => "success",
            Outcome::Failure => "failure",
            Outcome::Unknown => "unknown",
        }
    }
}

/// What something was done to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Target<'a> {
    /// Its type (`s3:bucket`, `secretsmanager:secret`, `iam:user`).
    pub kind: Text<'a>,
    /// Its full name as the log gives it (ARN, id or name).
    pub name: Text<'a>,
    /// The container that stands for it in a baseline: bucket, secret path prefix of two segments, table, queue,
    /// namespace; never the object key.
    pub container: Text<'a>,
    /// The account that owns it, where the log says it.
    pub account: Option<Text<'a>>,
}
