namespace Hrms.Contracts;

/// <summary>What the asker's token says of itself. Known for the question alone, and kept nowhere.</summary>
/// <param name="Epoch">The epoch of the person's tokens that it was issued in; null: its issuer knows of none.</param>
/// <param name="IssuedAt">When it was issued (<c>iat</c>), to the second; null: it does not say.</param>
/// <param name="AuthenticatedAt">When its person last proved who they are (<c>auth_time</c>); null: it does not say.</param>
[GenerateSerializer, Immutable, Alias("TokenFacts")]
public sealed record TokenFacts([property: Id(0)] long? Epoch, [property: Id(1)] DateTimeOffset? IssuedAt, [property: Id(2)] DateTimeOffset? AuthenticatedAt);

/// <summary>Which of a person's tokens are still good: raised when the person signs out everywhere, or changes how they sign in.</summary>
/// <param name="Number">0: never raised.</param>
[GenerateSerializer, Immutable, Alias("TokenEpoch")]
public sealed record TokenEpoch([property: Id(0)] long Number, [property: Id(1)] DateTimeOffset? RaisedAt)
{
    public static readonly TokenEpoch First = new(0, null);

    /// <summary>
    /// Whether a token is of before. One that names an epoch goes by it; another one by when it was issued, in doubt (no time, the same second) of before.
    /// </summary>
    public bool Ended(TokenFacts? token) => Number > 0 && (token?.Epoch is { } epoch ? epoch < Number : !(token?.IssuedAt > RaisedAt));
}

/// <summary>Ends every token of the patient's that was issued so far, whoever issued it. The patient in person, or the account's own server when how somebody signs in changes.</summary>
/// <param name="Because">What the account's history says of it; null: that the patient signed out everywhere.</param>
[GenerateSerializer, Immutable, Alias("EndTokens")]
public sealed record EndTokens([property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] AccountAct? Because = null);
