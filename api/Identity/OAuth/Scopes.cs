namespace Hrms.Api.Identity.OAuth;

/// <summary>What an app may ask for, each with the words that the person reads before saying yes.</summary>
internal static class HrmsScopes
{
    /// <summary>All that the person may do here.</summary>
    public const string Account = "account";

    public static readonly IReadOnlyDictionary<string, string> Words = new Dictionary<string, string>
    {
        ["openid"] = "know that it is you, by a number that stands for your account",
        ["offline_access"] = "go on doing this while you are away, until you disconnect it",
        [Account] = "do everything that you can do here: read the whole record, add to it, and decide who else may see it",
    };
}
