using Hrms.Contracts;

namespace Hrms.Domain.Patients;

/// <summary>
/// What can do harm that lasts is for who proved a moment ago who they are: breaking the glass, delegates, the default policy, closing the record, erasing it, taking it away whole, the patient's
/// own key (RFC 9470). What only narrows, such as ending a delegation or a consent, never asks for it: it is not to be in anybody's way. A token that does not say when its person signed in counts as old. Called by the patient's grain.
/// </summary>
public static class FreshSignIn
{
    /// <summary>How far clocks of an issuer and of a silo may be apart.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>Null: the sign-in is fresh, or the asker did not come by a token at all.</summary>
    public static Refusal? RefusalFor(Asker asker, DateTimeOffset now) => RefusalFor(asker, now, Limits.FreshSignIn);

    /// <param name="within">How long ago it may be. A new one, when it is asked for, is asked for as fresh as any.</param>
    public static Refusal? RefusalFor(Asker asker, DateTimeOffset now, TimeSpan within) =>
        asker.Token is null || (asker.Token.AuthenticatedAt is { } at && now - at <= within && at - now <= Skew) ? null
            : new Refusal(
                RefusalCode.FreshSignInNeeded,
                $"This needs a sign-in of the last {within.TotalMinutes:0} minutes. Let the person sign in again (max_age={Limits.FreshSignIn.TotalSeconds:0}), and repeat it with the new token.");
}
