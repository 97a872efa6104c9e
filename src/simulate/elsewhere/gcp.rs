//! Service accounts of Google Cloud's projects, as entries of Cloud Audit Logs.
//!
//! Source: "LogEntry" and "AuditLog", Google Cloud's documentation.

use super::{Habit, Member, Shift, Who, address};
use crate::simulate::names::Operator;
use crate::simulate::rng::Rng;

/// Chance in an hour, service, method, permission, resource; `$h` is another object every time.
pub type Call<'c> = (f64, &'c str, &'c str, &'c str, &'c str);

/// Project, name, user agent, shift, what it calls.
type Row = (&'static str, &'static str, &'static str, Shift, &'static [Call<'static>]);

const GO: &str = "gcloud-golang-storage/1.56.0 gl-go/1.25.1,gzip(gfe)";
const PYTHON: &str = "gcloud-python/3.4.0 gl-python/3.13.4 grpc/1.75.0,gzip(gfe)";
const TERRAFORM: &str = "Terraform/1.13.2 (+https://www.terraform.io) terraform-provider-google/7.4.0,gzip(gfe)";

const fn read(share: f64, object: &'static str) -> Call<'static> {
    (share, "storage", "storage.objects.get", "storage.objects.get", object)
}

const fn list(share: f64, bucket: &'static str) -> Call<'static> {
    (share, "storage", "storage.objects.list", "storage.objects.list", bucket)
}

const fn write(share: f64, object: &'static str) -> Call<'static> {
    (share, "storage", "storage.objects.create", "storage.objects.create", object)
}

const fn secret(share: f64, name: &'static str) -> Call<'static> {
    const METHOD: &str = "google.cloud.secretmanager.v1.SecretManagerService.AccessSecretVersion";
    (share, "secretmanager", METHOD, "secretmanager.versions.access", name)
}

const fn machines(share: f64, method: &'static str, permission: &'static str, name: &'static str) -> Call<'static> {
    (share, "compute", method, permission, name)
}

const ACCOUNTS: [Row; 15] = [
    (
        "shop-data",
        "events-loader",
        PYTHON,
        Shift::Always,
        &[list(0.5, "shop-events-raw"), read(0.6, "shop-events-raw/$h.avro")],
    ),
    (
        "shop-data",
        "events-compactor",
        PYTHON,
        Shift::Always,
        &[read(0.5, "shop-events-raw/$h.avro"), write(0.5, "shop-events/$h.parquet")],
    ),
    (
        "shop-data",
        "report-export",
        PYTHON,
        Shift::Daily(5),
        &[list(1.0, "shop-reports"), write(1.0, "shop-reports/$h.csv"), secret(1.0, "projects/shop-data/secrets/sftp")],
    ),
    (
        "shop-data",
        "feature-store",
        GO,
        Shift::Always,
        &[read(0.6, "shop-features/$h.bin"), secret(0.1, "projects/shop-data/secrets/features-db")],
    ),
    (
        "shop-data",
        "retention",
        GO,
        Shift::Daily(3),
        &[
            list(1.0, "shop-events-raw"),
            (0.9, "storage", "storage.objects.delete", "storage.objects.delete", "shop-events-raw/$h.avro"),
        ],
    ),
    (
        "shop-web",
        "catalog-api",
        GO,
        Shift::Always,
        &[read(0.6, "shop-catalog/$h.json"), secret(0.2, "projects/shop-web/secrets/catalog-db")],
    ),
    ("shop-web", "thumbnails", GO, Shift::Always, &[read(0.6, "shop-media/$h.jpg"), write(0.6, "shop-thumbs/$h.webp")]),
    ("shop-web", "cart-api", GO, Shift::Always, &[secret(0.4, "projects/shop-web/secrets/cart-redis")]),
    ("shop-web", "sitemap", PYTHON, Shift::Daily(6), &[list(1.0, "shop-catalog"), write(1.0, "shop-web/sitemap.xml")]),
    (
        "shop-web",
        "media-import",
        PYTHON,
        Shift::Office,
        &[list(0.6, "shop-media-inbox"), read(0.7, "shop-media-inbox/$h.zip"), write(0.7, "shop-media/$h.jpg")],
    ),
    (
        "shop-ops",
        "terraform",
        TERRAFORM,
        Shift::Office,
        &[
            machines(0.6, "v1.compute.networks.get", "compute.networks.get", "projects/shop-ops/global/networks/main"),
            machines(0.5, "v1.compute.firewalls.list", "compute.firewalls.list", "projects/shop-ops/global/firewalls"),
            read(0.6, "shop-ops-state/prod.tfstate"),
        ],
    ),
    (
        "shop-ops",
        "fleet-scaler",
        GO,
        Shift::Always,
        &[
            machines(
                0.7,
                "v1.compute.instances.list",
                "compute.instances.list",
                "projects/shop-ops/zones/europe-west1-b/instances",
            ),
            machines(
                0.3,
                "v1.compute.instanceGroupManagers.resize",
                "compute.instanceGroupManagers.update",
                "projects/shop-ops/zones/europe-west1-b/instanceGroupManagers/web",
            ),
        ],
    ),
    (
        "shop-ops",
        "snapshots",
        PYTHON,
        Shift::Daily(0),
        &[
            machines(
                1.0,
                "v1.compute.disks.list",
                "compute.disks.list",
                "projects/shop-ops/zones/europe-west1-b/disks",
            ),
            machines(
                1.0,
                "v1.compute.disks.createSnapshot",
                "compute.disks.createSnapshot",
                "projects/shop-ops/zones/europe-west1-b/disks/ledger",
            ),
        ],
    ),
    (
        "shop-ops",
        "inventory",
        PYTHON,
        Shift::Daily(7),
        &[
            machines(
                1.0,
                "v1.compute.instances.aggregatedList",
                "compute.instances.list",
                "projects/shop-ops/aggregated/instances",
            ),
            list(0.9, "shop-ops-state"),
        ],
    ),
    (
        "shop-ops",
        "log-archive",
        GO,
        Shift::Always,
        &[write(0.6, "shop-audit-archive/$h.json.gz"), list(0.2, "shop-audit-archive")],
    ),
];

/// All of them.
pub fn members(rng: &mut Rng) -> Vec<Member> {
    ACCOUNTS.iter().map(|account| member(account, rng)).collect()
}

/// A service account of a project.
#[derive(Debug)]
pub struct Account {
    /// Its project's id.
    pub project: &'static str,
    mail: String,
}

impl Account {
    /// `gcp/<project>`.
    pub fn scope(&self) -> String {
        format!("gcp/{}", self.project)
    }

    /// The entry of a call; with the id of the key that was used, where one was.
    pub fn entry(&self, agent: &str, key: Option<&str>, &(_, service, method, permission, name): &Call<'_>) -> String {
        let Account { project, mail } = self;
        let (resource, monitored) = resource(project, service, name);
        let is_data = matches!(service, "storage" | "secretmanager");
        let asks = [".list", ".get", ".getIamPolicy"].iter().any(|end| permission.ends_with(end));
        let (log, severity) = if is_data || asks { ("data_access", "INFO") } else { ("activity", "NOTICE") };
        let key = key.map(|key| {
            let path = format!("//iam.googleapis.com/projects/{project}/serviceAccounts/{mail}/keys/{key}");
            format!(r#","serviceAccountKeyName":"{path}""#)
        });
        let (key, change) = (key.unwrap_or_default(), change(method));
        format!(
            r#"{{"protoPayload":{{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","status":{{}},"authenticationInfo":{{"principalEmail":"{mail}","principalSubject":"serviceAccount:{mail}"{key}}},"requestMetadata":{{"callerIp":"$a","callerSuppliedUserAgent":"{agent}","requestAttributes":{{"time":"$t","auth":{{}}}},"destinationAttributes":{{}}}},"serviceName":"{service}.googleapis.com","methodName":"{method}","authorizationInfo":[{{"resource":"{resource}","permission":"{permission}","granted":true,"resourceAttributes":{{}}}}],"resourceName":"{resource}"{change}}},"insertId":"$h","resource":{monitored},"timestamp":"$t","severity":"{severity}","logName":"projects/{project}/logs/cloudaudit.googleapis.com%2F{log}","receiveTimestamp":"$t"}}"#
        )
    }
}

fn member(&(project, name, agent, shift, calls): &Row, rng: &mut Rng) -> Member {
    let account = Account { project, mail: format!("{name}@{project}.iam.gserviceaccount.com") };
    let habits = calls.iter().map(|call| Habit { share: call.0, template: account.entry(agent, None, call) }).collect();
    let (principal, address) = (account.mail.clone(), address(Operator::OtherCloud, rng));
    Member { who: Who::Gcp(account), principal, agent, shift, address, habits }
}

/// What a change of the project's policy added: an owner of another organisation.
fn change(method: &str) -> &'static str {
    match method {
        "SetIamPolicy" => {
            r#","serviceData":{"@type":"type.googleapis.com/google.iam.v1.logging.AuditData","policyDelta":{"bindingDeltas":[{"action":"ADD","role":"roles/owner","member":"user:m.fairweather@freemail.example"}]}}"#
        }
        _ => "",
    }
}

/// The resource's full name, and the monitored resource that it belongs to.
fn resource(project: &str, service: &str, name: &str) -> (String, String) {
    let labelled = |class: &str, labels: &str| {
        format!(r#"{{"type":"{class}","labels":{{"project_id":"{project}","location":"europe-west1"{labels}}}}}"#)
    };
    match (service, name.split_once('/')) {
        ("storage", Some((bucket, object))) => {
            let labels = format!(r#","bucket_name":"{bucket}""#);
            (format!("projects/_/buckets/{bucket}/objects/{object}"), labelled("gcs_bucket", &labels))
        }
        ("storage", None) => {
            let labels = format!(r#","bucket_name":"{name}""#);
            (format!("projects/_/buckets/{name}"), labelled("gcs_bucket", &labels))
        }
        ("iam", _) if name.contains('@') => {
            let labels = format!(r#","email_id":"{name}""#);
            (format!("projects/{project}/serviceAccounts/{name}"), labelled("service_account", &labels))
        }
        ("iam" | "cloudresourcemanager", _) => (name.to_owned(), labelled("project", "")),
        ("secretmanager", _) if name.contains("/secrets/") => {
            let labels = format!(r#","method":"AccessSecretVersion","service":"{service}.googleapis.com""#);
            (format!("{name}/versions/latest"), labelled("audited_resource", &labels))
        }
        _ => (name.to_owned(), labelled("gce_project", "")),
    }
}
