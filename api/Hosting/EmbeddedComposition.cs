using Hrms.Api.Auth;
using Hrms.Api.GraphQL.PatientKeys;
using Hrms.Api.Identity;
using Hrms.Embedded;
using Hrms.Silo.Hosting;

namespace Hrms.Api.Hosting;

/// <summary>
/// The embedded default: a private PostgreSQL and a private EVM node (or the ones the environment names), one silo and the API, all of this process and ending
/// with it.
/// </summary>
public static class EmbeddedComposition
{
    /// <summary>The address by which browsers and apps reach this installation, when it is not this machine alone.</summary>
    public const string PublicUrlVariable = "HRMS_PUBLIC_URL";

    public static void AddEmbedded(this WebApplicationBuilder builder, EmbeddedServices services, string dataFolder)
    {
        builder.AddHrmsSilo(new HrmsSiloOptions
        {
            Postgres = services.PostgresConnectionString,
            LedgerRpc = string.Join(',', services.LedgerRpcUrls),
            KeyFolder = Path.Combine(dataFolder, "keys"),
            EmbeddedLedger = true,
            PatientKeys = true,
            Plaintext = builder.Configuration.GetValue<PlaintextPaths>("Hrms:Plaintext"),
            // A cluster of its own at every start: what a killed process left in the membership table need not be waited for.
            ClusterId = $"embedded-{Guid.NewGuid():N}",
        });
        builder.Services.AddHrmsAuth(new DevelopmentIssuer(dataFolder));
        var identity = new HrmsIdentityOptions
        {
            Postgres = services.PostgresConnectionString,
            KeyFile = Path.Combine(dataFolder, "keys", "identity.json"),
            ClientsFile = Path.Combine(dataFolder, "oauth-clients.json"),
            OutboxFolder = Path.Combine(dataFolder, "outbox"),
            PublicUrl = PublicUrlFromEnvironment(),
            TriesPerMinute = builder.Configuration.GetValue("Hrms:Identity:TriesPerMinute", HrmsIdentityOptions.TriesPerMinuteUsual),
        };
        builder.Services.AddIdentityStorage(identity).AddHrmsIdentity(identity);
        builder.Services.AddSingleton(provider => new PatientKeyPages(() => provider.GetRequiredService<PublicAddress>().Url));
    }

    private static Uri? PublicUrlFromEnvironment() => Environment.GetEnvironmentVariable(PublicUrlVariable) is not { Length: > 0 } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var url) ? url
        : throw new EmbeddedServiceException($"{PublicUrlVariable} holds \"{text}\", which is not an address such as https://records.example.");
}
