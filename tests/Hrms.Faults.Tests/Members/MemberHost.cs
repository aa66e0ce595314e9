using Hrms.Api.Auth;
using Hrms.Api.Budgets;
using Hrms.Api.GraphQL.PatientKeys;
using Hrms.Api.GraphQL.Schema;
using Hrms.Api.Health;
using Hrms.Api.Members;
using Hrms.Grains.Following;
using Hrms.Grains.Ledger;
using Hrms.Ledger.Governance;
using Hrms.Ledger.Signing;
using Hrms.Ledger.Wire;
using Hrms.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hrms.Faults.Tests.Members;

/// <summary>One member of a consortium: silo and API with a database, keys and a lane of its own, on a ledger that is not its own.</summary>
internal sealed class MemberHost : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConsortiumContracts _contracts;
    private readonly IReadOnlyList<Uri> _nodes;
    private readonly bool _registersKeys;
    private WebApplication? _app;

    private MemberHost(ConsortiumContracts contracts, IReadOnlyList<Uri> nodes, string postgres, int lane, bool registersKeys) =>
        (_contracts, _nodes, Postgres, Lane, _registersKeys) = (contracts, nodes, postgres, lane, registersKeys);

    public string Postgres { get; }

    /// <summary>Its one lane, as the ledger counts.</summary>
    public int Lane { get; }

    public ApiClient Client { get; private set; } = null!;

    public string KeyFile => _folder["keys/lanes.json"];

    public string KnownMembersFile => _folder["keys/members.json"];

    /// <summary>The account of the key that it was founded with.</summary>
    public Address FirstKey => LaneKeyFile.Open(KeyFile).Lane(0).Address;

    /// <summary>The account that registers patients' keys, at the lane after its one.</summary>
    public Address RegistrarKey => LaneKeyFile.Open(KeyFile).Lane(1).Address;

    /// <summary>Makes its keys. It runs once <see cref="StartAsync"/> is called, when the members have given it its lane.</summary>
    /// <param name="registersKeys">Whether its patients may have keys of their own.</param>
    public static MemberHost Make(ConsortiumContracts contracts, IReadOnlyList<Uri> nodes, string postgres, int lane, bool registersKeys = false)
    {
        var host = new MemberHost(contracts, nodes, postgres, lane, registersKeys);
        LaneKeyFile.OpenOrCreate(host.KeyFile, registersKeys ? 2 : 1);
        return host;
    }

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(HrmsSchema).Assembly.GetName().Name });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().KeepLibrariesQuiet().AddFileLog(_folder["host.log"]);
        builder.AddHrmsSilo(new HrmsSiloOptions
        {
            Postgres = Postgres, LedgerRpc = string.Join(',', _nodes), KeyFolder = _folder["keys"], LedgerContract = _contracts.Ledger.ToString(), LedgerFirstLane = Lane,
            PatientKeys = _registersKeys, ClusterId = $"member-{Guid.NewGuid():N}",
        });
        builder.Services.AddSingleton(new LedgerWriterOptions
        {
            Cadence = TimeSpan.Zero, ReceiptPoll = TimeSpan.FromMilliseconds(10), ResendAfter = TimeSpan.FromSeconds(1), RetryAfter = TimeSpan.FromMilliseconds(50),
            StoppedFor = TimeSpan.Zero, CompareEvery = TimeSpan.FromSeconds(1),
        });
        builder.Services.AddSingleton(new FollowerOptions
        {
            Every = TimeSpan.FromMilliseconds(50), StoppedFor = TimeSpan.FromMilliseconds(50), CompareEvery = TimeSpan.FromSeconds(1), AskLedgerFor = TimeSpan.FromMinutes(1),
        });
        var issuer = new DevelopmentIssuer(_folder.Path);
        builder.Services.AddHrmsAuth(issuer);
        builder.Services.AddHrmsBudgets().AddHrmsHealth().AddHrmsGraphQL();
        // Its pages are on this machine, by the name that passkeys know it by.
        builder.Services.AddSingleton(new PatientKeyPages(() => new Uri($"http://localhost:{Client.Port}")));
        _app = builder.Build();
        _app.UseAuthentication().UseAuthorization();
        _app.MapHrmsMemberKeys();
        _app.MapHrmsGraphQL();
        await _app.StartAsync();
        Client = new ApiClient(new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()), issuer);
    }

    /// <summary>Ends the processes; database and keys stay.</summary>
    public async Task StopAsync()
    {
        if (_app is null)
            return;
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }
}
