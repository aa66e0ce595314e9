using Hrms.Contracts;

namespace Hrms.Api.Identity;

/// <summary>The accounts' server, where it is in this process; another installation's identity server invites by its own means.</summary>
public interface IAccountsHere
{
    /// <summary>Sends the link of an invitation that stands in the organisation's stream. Sent again, it is the same invitation. Nobody learns here whether the address has an account.</summary>
    Task SendInvitationAsync(InvitationView invitation, ProviderId organization, string organizationName, string address, CancellationToken cancellationToken);

    /// <summary>Deletes the account of somebody who is nobody any more: sessions and tokens are dead when this returns. Without such an account it does nothing.</summary>
    Task EndAsync(Guid account, CancellationToken cancellationToken);
}
