//! Which credentials a call issued: by their public ids what is done with them later is linked to whoever got them.
//!
//! Sources: `Credentials` in the AWS STS API reference (AssumeRole and its kin, GetSessionToken, GetFederationToken),
//! `CreateAccessKey` in the IAM API reference. The secrets are not in the log; nothing but the id is read.

use super::record::Record;
use crate::event::Text;

/// The public ids that stand in `responseElements`; none where the call failed, as there is no response then.
pub fn issued<'a>(record: &Record<'_, 'a>) -> Vec<Text<'a>> {
    const PATHS: [[&str; 2]; 2] = [["credentials", "accessKeyId"], ["accessKey", "accessKeyId"]];
    let Some(response) = record.response_elements else { return Vec::new() };
    PATHS.iter().filter_map(|path| response.text_at(path)).collect()
}
