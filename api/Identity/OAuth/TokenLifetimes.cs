using Hrms.Api.Auth;

namespace Hrms.Api.Identity.OAuth;

/// <summary>How long everything is good for. Short, since whoever steals a token can use it that long; how long a sign-in lasts depends on who shares a machine with others.</summary>
internal static class TokenLifetimes
{
    public static readonly TimeSpan Access = TimeSpan.FromMinutes(5), Code = TimeSpan.FromSeconds(60), Identity = TimeSpan.FromMinutes(5);

    /// <summary>Of a hub's code and of the one that its owner types (RFC 8628): long enough to find a browser and sign in.</summary>
    public static readonly TimeSpan DeviceCode = TimeSpan.FromMinutes(10);

    /// <summary>A browser's session on our own pages: idle, and in all.</summary>
    public static readonly TimeSpan PageIdle = TimeSpan.FromMinutes(15), PageInAll = TimeSpan.FromHours(8);

    /// <summary>How long a refresh token may lie unused.</summary>
    public static TimeSpan RefreshIdle(string role) => role == HrmsRoles.Patient ? TimeSpan.FromHours(12) : TimeSpan.FromHours(8);

    /// <summary>After which the person has to sign in again.</summary>
    public static TimeSpan SignInAgainAfter(string role) => role == HrmsRoles.Patient ? TimeSpan.FromDays(30) : TimeSpan.FromHours(8);
}
