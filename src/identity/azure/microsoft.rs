//! Microsoft's own apps: by the tenants that own them, by well-known ids, and by the names that the directory's audit log
//! gives where it gives no id.
//!
//! Sources: "Verify first-party Microsoft applications in sign-in reports" (Microsoft), "Microsoft Entra audit log activities".

/// The tenants that Microsoft's own apps belong to: Microsoft Services, Microsoft.
const TENANTS: [&str; 2] = ["72f988bf-86f1-41af-91ab-2d7cd011db47", "f8cdef31-a31e-4b4a-93e4-5f571e91255a"];

/// Ids of apps that act by themselves in a customer's tenant, in order.
const APPS: [&str; 26] = [
    "00000001-0000-0000-c000-000000000000",
    "00000002-0000-0000-c000-000000000000",
    "00000002-0000-0ff1-ce00-000000000000",
    "00000003-0000-0000-c000-000000000000",
    "00000003-0000-0ff1-ce00-000000000000",
    "00000004-0000-0ff1-ce00-000000000000",
    "00000006-0000-0ff1-ce00-000000000000",
    "00000007-0000-0000-c000-000000000000",
    "00000009-0000-0000-c000-000000000000",
    "0000000a-0000-0000-c000-000000000000",
    "0000000c-0000-0000-c000-000000000000",
    "01fc33a7-78ba-4d2f-a4b7-768e336e890e",
    "2565bd9d-da50-47d4-8b85-4c97f669dc36",
    "262044b1-e2ce-469f-a196-69ab7ada62d3",
    "475226c6-020e-4fb2-8a90-7a972cbfc1d4",
    "497effe9-df71-4043-a8bb-14cf78c4b63b",
    "6dae42f8-4368-4678-94ff-3960e28e3630",
    "7319c514-987d-4e9b-ac3d-d38c4f427f4c",
    "797f4846-ba00-4fd7-ba43-dac1f8f63013",
    "7df0a125-d3be-4c96-aa54-591f83ff541c",
    "80ccca67-54bd-44ab-8625-4b79c4dc7775",
    "8edd93e1-2103-40b4-bd70-6e34e586362d",
    "abfa0a7c-a6b6-4736-8310-5855508787cd",
    "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
    "e406a681-f3d4-42a8-90b6-c2b029497af1",
    "fc780465-2017-40d4-a0c5-307022471b92",
];

/// Names of services that the audit log gives without an id, in order.
const NAMES: [&str; 47] = [
    "AAD App Management",
    "AAD Terms Of Use",
    "Azure AD Cloud Sync",
    "Azure AD Domain Services Sync",
    "Azure AD Identity Governance",
    "Azure AD Identity Governance - Directory Management",
    "Azure AD Identity Governance - Entitlement Management",
    "Azure AD Identity Protection",
    "Azure AD Notification",
    "Azure ESTS Service",
    "Azure Lighthouse",
    "Azure MFA StrongAuthenticationService",
    "Azure Policy Insights",
    "Azure Security Insights",
    "Device Registration Service",
    "MS-PIM",
    "Managed Service Identity",
    "Microsoft App Access Panel",
    "Microsoft Approval Management",
    "Microsoft Azure AD Group-Based Licensing",
    "Microsoft Azure AD Identity Protection",
    "Microsoft Azure AD Internal - Jit Provisioning",
    "Microsoft Azure Policy Insights",
    "Microsoft Exchange Online Protection",
    "Microsoft Graph",
    "Microsoft Intune",
    "Microsoft Invitation Acceptance Portal",
    "Microsoft Managed Policy Manager",
    "Microsoft Mobile Application Management",
    "Microsoft Office 365 Portal",
    "Microsoft Online Services",
    "Microsoft Resource Management",
    "Microsoft Substrate Management",
    "Microsoft Teams Services",
    "Microsoft password reset service",
    "O365 LinkedIn Connection",
    "Office 365 Configure",
    "Office 365 Exchange Online",
    "Office 365 Information Protection",
    "Office 365 SharePoint Online",
    "Office365 Shell WCSS-Client",
    "Signup",
    "Skype for Business Online",
    "Windows Azure Active Directory",
    "Windows Azure Security Resource Provider",
    "Windows Azure Service Management API",
    "fim_password_service@support.onmicrosoft.com",
];

/// Whether a tenant is Microsoft's own.
pub(super) fn is_tenant(tenant: &str) -> bool {
    TENANTS.contains(&tenant)
}

/// Whether an app is one of the well-known ones.
pub(super) fn is_app(id: &str) -> bool {
    APPS.binary_search(&&*id.to_ascii_lowercase()).is_ok()
}

/// Whether a name is one that a service of Microsoft's own has where it has no id; providers of resources call themselves
/// `Microsoft.RecoveryServices` and so on.
pub(super) fn is_named(name: &str) -> bool {
    name.starts_with("Microsoft.") || NAMES.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        assert!(TENANTS.is_sorted() && APPS.is_sorted() && NAMES.is_sorted());
        assert!(is_app("00000003-0000-0000-C000-000000000000") && is_named("MS-PIM"));
    }
}
