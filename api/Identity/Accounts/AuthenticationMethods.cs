using Microsoft.AspNetCore.Identity;

namespace Hrms.Api.Identity.Accounts;

/// <summary>How a person came in, as tokens say it: the methods (<c>amr</c>, RFC 8176), and what they are worth together (<c>acr</c>), by public names that an app may ask for.</summary>
internal static class AuthenticationMethods
{
    private const string Password = "pwd", OneTimePassword = "otp", Several = "mfa", UserPresent = "user", HardwareKey = "hwk", SoftwareKey = "swk";

    /// <summary>From weak to strong; who did more did less, too. REFEDS' single-factor and multi-factor profiles, and OpenID's phishing-resistant (Extended Authentication Profile ACR Values 1.0).</summary>
    public static readonly IReadOnlyList<string> Classes = ["https://refeds.org/profile/sfa", "https://refeds.org/profile/mfa", "phr"];

    /// <summary>A passkey is had and is opened by its owner's finger, face or PIN. One that may be copied to other devices of its owner is bound to no piece of hardware.</summary>
    public static IReadOnlyList<string> Of(UserPasskeyInfo passkey) => [passkey.IsBackupEligible ? SoftwareKey : HardwareKey, UserPresent, Several];

    /// <param name="ofIdentity">As ASP.NET Core Identity notes a sign-in: by the password, or with a second factor after it.</param>
    public static IReadOnlyList<string> Of(IEnumerable<string> ofIdentity) => ofIdentity.Contains(Several) ? [Password, OneTimePassword, Several] : [Password];

    /// <summary>The class to name: of those that are wanted, in their order, the first that the methods reach; when none is wanted, the strongest. Null: what is wanted was not reached.</summary>
    public static string? ClassOf(IReadOnlyList<string> methods, IReadOnlyList<string> wanted)
    {
        var reached = methods.Contains(HardwareKey) || methods.Contains(SoftwareKey) ? 2 : methods.Contains(Several) ? 1 : 0;
        return wanted.Count == 0 ? Classes[reached] : wanted.FirstOrDefault(one => Classes.Take(reached + 1).Contains(one));
    }
}
