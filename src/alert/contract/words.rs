//! What is said of each feature and family, once.

use crate::event::{Family, Feature};

/// What is said of one feature.
pub struct Words {
    /// What it is.
    pub title: &'static str,
    /// What makes it speak.
    pub sees: &'static str,
    /// Members of a CloudTrail record.
    pub fields: &'static [&'static str],
    /// What is remembered for it.
    pub learns: &'static str,
    /// Techniques that it mostly shows.
    pub attack: &'static [&'static str],
    /// What makes it fire falsely.
    pub false_alarms: &'static str,
}

/// The question that a family asks.
pub fn question(family: Family) -> &'static str {
    match family {
        Family::What => "What was done, and to what?",
        Family::Net => "From where?",
        Family::Region => "In which region, in whose account?",
        Family::Client => "With what client?",
        Family::Sens => "Is it the first use of a sensitive class of action?",
        Family::Revive => "Did it awake after a long rest?",
    }
}

/// What is said of a feature.
pub fn of(feature: Feature) -> Words {
    match feature {
        Feature::Action => ACTION,
        Feature::Resource => RESOURCE,
        Feature::Pair => PAIR,
        Feature::Network => NETWORK,
        Feature::Asn => OPERATOR,
        Feature::TwoNetworks => TWO_NETWORKS,
        Feature::Region => REGION,
        Feature::TargetAccount => TARGET_ACCOUNT,
        Feature::Client => CLIENT,
        Feature::Sensitive => SENSITIVE,
        Feature::Revival => REVIVAL,
    }
}

const ACTION: Words = Words {
    title: "New action",
    sees: "service and operation that the identity did not use before, weighed by how often it does something new, how \
           strange that is among its peers and in the fleet, and how many at once",
    fields: &["eventSource", "eventName"],
    learns: "the actions of the identity, of its peers and of the fleet; how often an active hour has a new one",
    attack: &["T1078.004", "T1580", "T1087.004", "T1098.001"],
    false_alarms: "a deploy that only one identity gets, a person who works through a role, yearly jobs, scanners that \
                   learn new calls",
};

const RESOURCE: Words = Words {
    title: "New resource",
    sees: "a container (bucket, secret prefix, table, queue, namespace; never single objects) that the identity did not \
           reach for before",
    fields: &["resources", "requestParameters"],
    learns: "the containers of the identity, of its peers and of the fleet; how often an active hour has a new one",
    attack: &["T1530", "T1555.006", "T1213"],
    false_alarms: "migrations and renames, month-end jobs over new containers, agents that are given new work",
};

const PAIR: Words = Words {
    title: "New action on a known resource",
    sees: "an action on a container that the identity did not do to it before, though it may know both",
    fields: &["eventSource", "eventName", "resources", "requestParameters"],
    learns: "the pairs of action and container of the identity, of its peers and of the fleet",
    attack: &["T1530", "T1485", "T1486"],
    false_alarms: "rare maintenance: cleaning up, restoring, reorganising what it otherwise only reads",
};

const NETWORK: Words = Words {
    title: "New source network",
    sees: "a source prefix (/24 or /48) or VPC endpoint that the identity did not call from before; calls that the cloud \
           makes for it are left out",
    fields: &["sourceIPAddress", "vpcEndpointId"],
    learns: "the networks of the identity, of its peers and of the fleet; how often an active hour has a new one",
    attack: &["T1078.004", "T1552.005"],
    false_alarms: "new NAT addresses or a changed egress of one identity, vendors that move, hosted CI runners",
};

const OPERATOR: Words = Words {
    title: "New operator of the source network",
    sees: "an autonomous system that the identity did not call from before, where its network is new too; needs a file of \
           operators (`network.databases`)",
    fields: &["sourceIPAddress"],
    learns: "the operators that the identity, its peers and the fleet call from; how often an active hour has a new one",
    attack: &["T1078.004", "T1552.005", "T1550.001"],
    false_alarms: "vendors that move to another cloud, people who travel, a proxy that is switched on. What peers do does \
                   not lower it: many stolen keys look alike",
};

const TWO_NETWORKS: Words = Words {
    title: "Several networks in one hour",
    sees: "more than one source network in an active hour, most of all a known one again after a new one: two places \
           use the credential at once",
    fields: &["sourceIPAddress", "vpcEndpointId"],
    learns: "how often hours of the fleet mix networks",
    attack: &["T1078.004", "T1552.005", "T1550.001"],
    false_alarms: "the hours of a move from one egress to another, people who use a role from two places. What peers do \
                   does not lower it: many stolen keys look alike",
};

const REGION: Words = Words {
    title: "New region",
    sees: "a region that the identity did not call before; a new service brings its region with it",
    fields: &["awsRegion"],
    learns: "the regions of the identity, of its peers and of the fleet",
    attack: &["T1535", "T1496.001"],
    false_alarms: "a region roll-out that starts with one identity, fail-over tests, global services that answer elsewhere",
};

const TARGET_ACCOUNT: Words = Words {
    title: "New target account",
    sees: "a call in an account that is not the identity's own, and that it did not call in before",
    fields: &["recipientAccountId", "userIdentity.accountId"],
    learns: "the accounts that the identity, its peers and the fleet call in",
    attack: &["T1199", "T1550.001", "T1537"],
    false_alarms: "new accounts of an organisation that a central role begins to serve",
};

const CLIENT: Words = Words {
    title: "New client",
    sees: "a family of clients (SDK and major version, CLI, console, tool) that the identity did not use before",
    fields: &["userAgent"],
    learns: "the clients of the identity, of its peers and of the fleet",
    attack: &["T1078.004", "T1059.009"],
    false_alarms: "an SDK's new major version at one identity, a person who debugs with the CLI under a workload's role. \
                   The client names itself, so a careful thief does not show here",
};

const SENSITIVE: Words = Words {
    title: "First sensitive action",
    sees: "the first use of a class of action by the identity: reading secrets, changing credentials or permissions, \
           changing logs or detectors, destroying. The rarer in the fleet the more; impact multiplies it (1, 1.25, 1.75, \
           1.5)",
    fields: &["eventSource", "eventName"],
    learns: "which classes the identity used; how often active hours of peers and fleet have a first use",
    attack: &["T1555.006", "T1098.001", "T1685.002", "T1485"],
    false_alarms: "the first rotation, clean-up or log change that a pipeline or an administrator's role does",
};

const REVIVAL: Words = Words {
    title: "Awake after a long rest",
    sees: "activity after 7 days or more without any, with a new network, client, region or sensitive class",
    fields: &["eventTime", "sourceIPAddress", "userAgent", "awsRegion", "eventName"],
    learns: "how many new things the fleet's returns after a rest bring",
    attack: &["T1078.004"],
    false_alarms: "quarterly and yearly jobs whose environment changed meanwhile, break-glass roles",
};
