namespace Hrms.Contracts;

/// <summary>What the member of the consortium that runs this cluster publishes. One for the cluster, with key 0; asked by the API for whoever comes.</summary>
[Alias("IMemberGrain")]
public interface IMemberGrain : IGrainWithIntegerKey
{
    /// <summary>The public keys by which consent artefacts are checked, former ones included: a JWK set (RFC 7517).</summary>
    [Alias("PublicKeys")]
    Task<string> PublicKeysAsync();
}
