using Microsoft.AspNetCore.Identity;

namespace Hrms.Api.Identity.Accounts;

/// <summary>Somebody who can sign in, and the party they are in the records: never both a patient and a practitioner.</summary>
public sealed class Account : IdentityUser<Guid>
{
    /// <summary>One of <see cref="Auth.HrmsRoles"/>.</summary>
    public required string Role { get; set; }

    /// <summary>The patient's or practitioner's id; what tokens name, while <see cref="IdentityUser{TKey}.Id"/> stays here.</summary>
    public required Guid Party { get; set; }

    /// <summary>The recovery that the account's credentials come from (<see cref="Contracts.IPatientGrain.RecoverAccountAsync"/>); null: it was never recovered.</summary>
    public Guid? Recovery { get; set; }
}
