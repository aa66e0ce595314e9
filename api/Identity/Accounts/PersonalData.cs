using System.Security.Cryptography;
using System.Text;
using Hrms.Api.Identity.Keys;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Hrms.Api.Identity.Accounts;

/// <summary>E-mail addresses, authenticator keys and recovery codes are sealed in the database: a copy of it names nobody and signs nobody in.</summary>
internal sealed class PersonalDataProtector(IDataProtectionProvider protection) : IPersonalDataProtector
{
    private readonly IDataProtector _protector = protection.CreateProtector("hrms/identity/personal-data/1");

    public string? Protect(string? data) => data is null ? null : _protector.Protect(data);

    public string? Unprotect(string? data) => data is null ? null : _protector.Unprotect(data);
}

/// <summary>What an account is found by: a keyed hash of the address (HMAC-SHA-256), which only this server can make.</summary>
internal sealed class LookupProtector(ServerKeyRing ring) : ILookupProtector, ILookupProtectorKeyRing
{
    public const string OnlyKey = "1";

    public string CurrentKeyId => OnlyKey;

    public string this[string keyId] => OnlyKey;

    public IEnumerable<string> GetAllKeyIds() => [OnlyKey];

    public string? Protect(string keyId, string? data) =>
        data is null ? null : Convert.ToBase64String(HMACSHA256.HashData(ring.Keys.Lookup, Encoding.UTF8.GetBytes(data)));

    /// <summary>There is no way back; Identity asks for none.</summary>
    public string? Unprotect(string keyId, string? data) => data;
}

/// <summary>EF keeps a model for all contexts of a type; ours holds the host's own protector, so each host has its own.</summary>
internal sealed class ModelOfThisHost : IModelCacheKeyFactory
{
    public object Create(DbContext context, bool designTime) => (context.GetType(), context.GetService<IPersonalDataProtector>(), designTime);
}
