using Hrms.Contracts;
using Hrms.Domain.Ports;
using Hrms.Silo.Hosting;
using Hrms.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Npgsql;

[assembly: AssemblyFixture(typeof(Hrms.Grains.Tests.SiloFixture))]

namespace Hrms.Grains.Tests;

/// <summary>One silo on a real PostgreSQL and a real node, with a journal that fails when a test asks it to.</summary>
public sealed class SiloFixture : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();
    private readonly EvmNodeFixture _node = new();
    private readonly TemporaryFolder _folder = new();
    private string _database = "";
    private IHost? _host;

    public IGrainFactory Grains => Host.Services.GetRequiredService<IGrainFactory>();

    public FailingJournal Journal => (FailingJournal)Host.Services.GetRequiredService<IJournal>();

    private IHost Host => _host ?? throw new InvalidOperationException("The silo did not start.");

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        await _node.InitializeAsync();
        _database = await _postgres.CreateDatabaseAsync("grains");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.AddFilter<ConsoleLoggerProvider>(level => level >= LogLevel.Error).AddFileLog(_folder["silo.log"]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddHrmsSilo(new HrmsSiloOptions
        {
            Postgres = _database,
            LedgerRpc = string.Join(',', _node.RpcUrls),
            KeyFolder = _folder["keys"],
            EmbeddedLedger = true,
            ClusterId = $"test-{Guid.NewGuid():N}",
        });
        builder.Services.AddSingleton<IOutgoingGrainCallFilter, SaidInCalls>();
        var real = builder.Services.Last(service => service.ServiceType == typeof(IJournal)).ImplementationFactory!;
        builder.Services.AddSingleton<IJournal>(services => new FailingJournal((IJournal)real(services)));
        _host = builder.Build();
        await _host.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            _host.Dispose();
        }
        await _node.DisposeAsync();
        await _postgres.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>A patient of their own for each test.</summary>
    public async Task<(IPatientGrain Grain, Asker Self)> PatientAsync()
    {
        var id = Guid.NewGuid();
        var grain = Grains.GetGrain<IPatientGrain>(id);
        var registered = await grain.RegisterAsync(new RegisterPatient(Command(), new Asker(new Actor(ActorKind.Operator, Guid.NewGuid()), PurposeOfUse.HOPERAT)));
        Assert.True(registered.Succeeded);
        return (grain, new Asker(Actor.Patient(new PatientId(id)), PurposeOfUse.PATRQT));
    }

    /// <summary>Ends every activation that is idle, so that the next question reads what is durable.</summary>
    public Task ForgetAsync() => Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

    /// <summary>What a person with the database's own password can do to a stream. Triggers stay silent for a replica.</summary>
    public async Task<int> AsSuperuserAsync(string sql, Guid stream)
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync();
        await using (var quiet = new NpgsqlCommand("set session_replication_role = replica", connection))
            await quiet.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = stream } } };
        return await command.ExecuteNonQueryAsync();
    }

    public static CommandId Command() => new(Guid.NewGuid());

    public static ConsentTerms Labs(Guid practitioner) => new(
        new Provision(ProvisionType.Permit, new Actor(ActorKind.Practitioner, practitioner), [], [], DataFilter.All with { Classes = [DataClass.Laboratory] }), [], Period.Always);
}
