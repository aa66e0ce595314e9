using Hrms.Contracts;

namespace Hrms.Api.Errors;

/// <summary>How a refusal looks at each edge: the HTTP status, FHIR's issue type (http://hl7.org/fhir/issue-type) and the code in a GraphQL error.</summary>
public sealed record WireForm(int Http, string Fhir, string GraphQl);

/// <summary>The one table from refusals to their wire forms. A test checks that every refusal has a row.</summary>
public static class RefusalTable
{
    private static readonly Dictionary<RefusalCode, WireForm> Rows = new()
    {
        // Denied looks like absent: there is no row for "denied".
        [RefusalCode.NotFound] = new(404, "not-found", "NOT_FOUND"),
        [RefusalCode.Invalid] = new(422, "invalid", "INVALID"),
        [RefusalCode.StaleVersion] = new(412, "conflict", "STALE_VERSION"),
        [RefusalCode.CommandReused] = new(409, "duplicate", "COMMAND_REUSED"),
        [RefusalCode.Forbidden] = new(403, "forbidden", "FORBIDDEN"),
        [RefusalCode.LimitExceeded] = new(413, "too-costly", "LIMIT_EXCEEDED"),
        [RefusalCode.Erased] = new(410, "deleted", "ERASED"),
        [RefusalCode.WrongState] = new(409, "conflict", "WRONG_STATE"),
        [RefusalCode.Busy] = new(429, "throttled", "BUSY"),
        [RefusalCode.Unavailable] = new(503, "transient", "UNAVAILABLE"),
        [RefusalCode.ImpactNotAcknowledged] = new(409, "business-rule", "IMPACT_NOT_ACKNOWLEDGED"),
        [RefusalCode.TokenEnded] = new(401, "login", "UNAUTHENTICATED"),
        [RefusalCode.FreshSignInNeeded] = new(401, "login", "INSUFFICIENT_USER_AUTHENTICATION"),
        [RefusalCode.Tampered] = new(500, "exception", "INTEGRITY_VIOLATION"),
    };

    public static WireForm Of(RefusalCode code) => Rows[code];

    /// <summary>RFC 9470, section 3: how many seconds ago the person may have signed in to get what was refused; null: that is not why.</summary>
    public static int? MaxAge(RefusalCode code) => code == RefusalCode.FreshSignInNeeded ? (int)Limits.FreshSignIn.TotalSeconds : null;

    /// <summary>RFC 6750, section 3, and RFC 9470, section 3: what stands beside a 401; null beside anything else.</summary>
    public static string? Challenge(RefusalCode code) => Of(code).Http != StatusCodes.Status401Unauthorized ? null
        : MaxAge(code) is { } seconds
            ? $"Bearer error=\"insufficient_user_authentication\", error_description=\"The person has to sign in again.\", max_age=\"{seconds}\""
            : "Bearer error=\"invalid_token\"";
}
