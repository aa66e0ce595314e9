using Hrms.Api.Auth;
using Hrms.Embedded;
using Hrms.Silo.Hosting;

namespace Hrms.Api.Hosting;

/// <summary>
/// The embedded default: a private PostgreSQL and a private EVM node (or the ones the environment names), one silo and the API, all of this process and ending
/// with it.
/// </summary>
public static class EmbeddedComposition
{
    public static void AddEmbedded(this WebApplicationBuilder builder, EmbeddedServices services, string dataFolder)
    {
        builder.AddHrmsSilo(new HrmsSiloOptions
        {
            Postgres = services.PostgresConnectionString,
            LedgerRpc = string.Join(',', services.LedgerRpcUrls),
            KeyFolder = Path.Combine(dataFolder, "keys"),
            EmbeddedLedger = true,
            // A cluster of its own at every start: what a killed process left in the membership table need not be waited for.
            ClusterId = $"embedded-{Guid.NewGuid():N}",
        });
        builder.Services.AddHrmsAuth(new DevelopmentIssuer(dataFolder));
    }
}
