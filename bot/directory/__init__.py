"""Who a Slack user is in the partner's tenant: role grants and, later, user groups and Microsoft Graph."""
