//! What a person or a SIEM reads: OCSF, explanation text.
