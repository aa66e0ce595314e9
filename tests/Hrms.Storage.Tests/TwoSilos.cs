using System.Net;
using System.Net.Sockets;
using Hrms.Silo.Hosting;
using Hrms.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orleans.Configuration;

namespace Hrms.Storage.Tests;

/// <summary>Two silos as production has them: real hosts over TCP that find each other in PostgreSQL's membership table.</summary>
public sealed class TwoSilos(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private string _connectionString = "";
    private int _built;

    public IHost One { get; private set; } = null!;

    public IHost Two { get; private set; } = null!;

    public NpgsqlDataSource Database => One.Services.GetRequiredService<NpgsqlDataSource>();

    public async ValueTask InitializeAsync()
    {
        _connectionString = await postgres.CreateDatabaseAsync("silos");
        (One, Two) = (Build(), Build());
        await Task.WhenAll(One.StartAsync(), Two.StartAsync());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in new[] { One, Two })
        {
            await host.StopAsync();
            host.Dispose();
        }
        _folder.Dispose();
    }

    public static T Grain<T>(IHost host, Guid key)
        where T : IGrainWithGuidKey => host.Services.GetRequiredService<IGrainFactory>().GetGrain<T>(key);

    public IHost Build()
    {
        var host = Host.CreateEmptyApplicationBuilder(null);
        host.Logging.AddFileLog(_folder[$"silo{++_built}.log"]);
        host.Services.AddHrmsStorage(options =>
            (options.ConnectionString, options.KeyFile, options.ConnectionsMax) = (_connectionString, _folder["vault.json"], 10));
        host.UseOrleans(silo => silo
            .UseHrmsPostgres()
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("storage-tests", "storage-tests"))
            .Configure<ClusterMembershipOptions>(options =>
            {
                options.ProbeTimeout = TimeSpan.FromMilliseconds(300);
                options.NumMissedProbesLimit = 2;
                options.NumVotesForDeathDeclaration = 1;
                options.TableRefreshTimeout = TimeSpan.FromSeconds(1);
            })
            .ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort(), listenOnAnyHostAddress: false));
        return host.Build();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
