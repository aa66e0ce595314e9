using Hrms.Contracts;

namespace Hrms.Api.Members;

/// <summary><c>/.well-known/consent-keys.json</c>: the public keys of the member that runs this server, for whoever checks a consent artefact. Nothing personal, for anybody.</summary>
public static class MemberKeysEndpoint
{
    public const string Path = "/.well-known/consent-keys.json";

    public static void MapHrmsMemberKeys(this IEndpointRouteBuilder endpoints) => endpoints.MapGet(
        Path, async (IGrainFactory grains) => Results.Text(await grains.GetGrain<IMemberGrain>(0).PublicKeysAsync(), "application/jwk-set+json")).AllowAnonymous();
}
