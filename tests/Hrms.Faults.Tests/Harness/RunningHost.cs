using Microsoft.Extensions.DependencyInjection;
using Hrms.Api.Auth;
using Hrms.Api.Hosting;
using Hrms.Embedded;

namespace Hrms.Faults.Tests.Harness;

/// <summary>The whole product in the test's own process, so that a test can kill its PostgreSQL or its node and start it again.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly EmbeddedHost _host;

    private RunningHost(TemporaryFolder folder, EmbeddedHost host)
    {
        (_folder, _host) = (folder, host);
        Client = new ApiClient(host.Url, host.Services.GetRequiredService<DevelopmentIssuer>());
    }

    public ApiClient Client { get; }

    public EmbeddedPostgres Postgres => _host.Embedded.Postgres!;

    public EmbeddedEvmNode Node => _host.Embedded.EvmNode!;

    public static async Task<RunningHost> StartAsync()
    {
        EmbeddedPrograms.SkipWhenMissing();
        if (Environment.GetEnvironmentVariable(EmbeddedServices.PostgresVariable) is { Length: > 0 } || EmbeddedServices.LedgerUrlsFromEnvironment().Count > 0)
            Assert.Skip($"{EmbeddedServices.PostgresVariable} or {EmbeddedServices.LedgerVariable} names running services, which are not ours to kill.");
        var folder = new TemporaryFolder();
        try
        {
            var host = await EmbeddedHost.StartAsync(
                folder["data"], "http://127.0.0.1:0", configure: builder => builder.Logging.AddFileLog(folder["host.log"]));
            await host.WhenReadyAsync(default);
            return new RunningHost(folder, host);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Ends every activation that is idle: the next question begins with what is durable.</summary>
    public Task ForgetAsync() => _host.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

    public Task<LedgerAudit> AuditAsync() => Invariants.LedgerAsync(Postgres.ConnectionString, Node.RpcUrl);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
        _folder.Dispose();
    }
}
