//! A fleet of identities, attacks and benign change, as native records with labels.
