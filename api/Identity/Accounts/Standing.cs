using Hrms.Api.Auth;
using Hrms.Contracts;

namespace Hrms.Api.Identity.Accounts;

/// <summary>Whether somebody may still come in, asked of the grain whose word it is before any token is given: who belongs nowhere any more, or runs nothing any more, gets none.</summary>
internal sealed class Standing(IGrainFactory grains)
{
    public const string None = "The account is nobody's who works here now. Ask the organisation for an invitation.";

    public async Task<bool> MayComeAsync(Account account) => account.Role switch
    {
        HrmsRoles.Patient => true,
        HrmsRoles.Practitioner => (await grains.Grain<IProviderGrain>(account.Party).StandingAsync()).Memberships.Count > 0,
        HrmsRoles.Administrator => await grains.Grain<IProviderGrain>(account.Party).HasStaffAsync(account.Id),
        HrmsRoles.Operator or HrmsRoles.Auditor => await grains.Grain<IProviderGrain>(Installation.Id.Value).HasStaffAsync(account.Id),
        _ => false,
    };
}
