using Hrms.Silo.Hosting;
using Hrms.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

[assembly: AssemblyFixture(typeof(Hrms.Grains.Tests.Cluster))]

namespace Hrms.Grains.Tests;

/// <summary>Three silos of the product as production has them: they talk over TCP, find each other in PostgreSQL and write to one ledger.</summary>
public sealed class Cluster : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();
    private readonly EvmNodeFixture _node = new();
    private readonly TemporaryFolder _folder = new();
    private readonly List<IHost> _hosts = [];

    public const int Silos = 3;

    public IGrainFactory One => Through(0);

    public IGrainFactory Two => Through(1);

    /// <summary>The cluster as a caller at one of the silos sees it.</summary>
    public IGrainFactory Through(int silo) => _hosts[silo].Services.GetRequiredService<IGrainFactory>();

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        await _node.InitializeAsync();
        var database = await _postgres.CreateDatabaseAsync("cluster");
        for (var silo = 0; silo < Silos; silo++)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.AddFilter<ConsoleLoggerProvider>(level => level >= LogLevel.Error).AddFileLog(_folder[$"silo{silo}.log"]);
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.AddHrmsSilo(new HrmsSiloOptions
            {
                Postgres = database,
                LedgerRpc = string.Join(',', _node.RpcUrls),
                KeyFolder = _folder["keys"],
                EmbeddedLedger = true,
                ClusterId = "several",
                // None of these is killed, and a busy machine must not look like it.
                ProbeTimeoutMilliseconds = 30_000,
            });
            builder.Services.AddSingleton<IOutgoingGrainCallFilter, SaidInCalls>();
            _hosts.Add(builder.Build());
            await _hosts[^1].StartAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }
        await _node.DisposeAsync();
        await _postgres.DisposeAsync();
        _folder.Dispose();
    }
}
