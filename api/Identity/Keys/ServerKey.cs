namespace Hrms.Api.Identity.Keys;

/// <summary>What a key of the server is for.</summary>
public enum ServerKeyUse
{
    /// <summary>Signs access and identity tokens (ES256); the public half is published.</summary>
    Sign = 1,
    /// <summary>Encrypts authorization codes and refresh tokens, which only this server reads.</summary>
    Encrypt = 2,
    /// <summary>Turns an e-mail address into what it is found by. Never changes: accounts could no more be found.</summary>
    Lookup = 3,
}

/// <summary>A key as it is stored: sealed by the data-protection keys, which the key file wraps.</summary>
public sealed class ServerKey
{
    public Guid Id { get; init; }

    public ServerKeyUse Use { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when on it is used for what is new. It is published before, so that whoever caches the public keys knows it by then.</summary>
    public DateTimeOffset ActiveFrom { get; init; }

    public required byte[] Sealed { get; init; }
}
