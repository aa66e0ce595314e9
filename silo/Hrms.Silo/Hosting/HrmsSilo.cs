using System.Net;
using Hrms.Contracts;
using Hrms.Grains.Following;
using Hrms.Grains.Journaling;
using Hrms.Grains.Ledger;
using Hrms.Grains.Patients;
using Hrms.Ledger;
using Hrms.Storage;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace Hrms.Silo.Hosting;

/// <summary>The composition of a silo: storage, ledger, grains, Orleans. Used by the silo's own process and by the embedded mode of the API.</summary>
public static class HrmsSilo
{
    /// <summary>What the cluster's rows are kept under, whatever the cluster is called.</summary>
    internal const string ServiceId = "hrms";

    public static IHostApplicationBuilder AddHrmsSilo(this IHostApplicationBuilder builder, HrmsSiloOptions options)
    {
        System.ComponentModel.DataAnnotations.Validator.ValidateObject(options, new(options), validateAllProperties: true);
        var services = builder.Services;
        if (options.EmbeddedLedger)
        {
            FaultFromEnvironment.Arm();
            if (FaultFromEnvironment.MachineClock() is { } wrong)
                services.AddKeyedSingleton(StorageServices.MachineClock, wrong);
        }
        services.AddHrmsStorage(storage =>
        {
            storage.ConnectionString = options.Postgres;
            storage.KeyFile = Path.Combine(options.KeyFolder, "vault.json");
            storage.MemberKeyFile = Path.Combine(options.KeyFolder, "member.pem");
            storage.KnownMembersFile = Path.Combine(options.KeyFolder, "members.json");
        });
        services.AddHrmsLedger(ledger =>
        {
            ledger.Nodes = options.LedgerRpc.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            ledger.TokenFile = options.LedgerTokenFile;
            ledger.KeyFile = Path.Combine(options.KeyFolder, "lanes.json");
            ledger.LaneCount = options.LaneCount;
            ledger.FirstLane = options.LedgerFirstLane;
            ledger.RegistersPatientKeys = options.PatientKeys;
            ledger.Embedded = options.EmbeddedLedger;
            ledger.ContractAddress = options.LedgerContract;
        });
        services.AddSingleton(new LaneOptions { LaneCount = options.LaneCount, FirstLane = options.LedgerFirstLane, RegistersPatientKeys = options.PatientKeys });
        services.AddSingleton(new LaneCount(options.LaneCount));
        services.AddSingleton(options.EmbeddedLedger ? new LedgerWriterOptions { HealByItself = true } : LedgerWriterOptions.ForConsortium());
        services.AddSingleton(new FollowerOptions { ReadsAgain = options.EmbeddedLedger });
        services.AddSingleton(new GlassReviewOptions { EscalateAfter = TimeSpan.FromHours(options.GlassReviewHours) });
        services.AddSingleton<LaneWaker>();
        services.AddSingleton<StreamServices>();
        services.AddSingleton<ClosedLanes>();
        services.AddHostedService<ErasureFinisher>();
        builder.UseOrleans(silo => Configure(silo, options));
        // After the silo and before what serves.
        services.AddHostedService<LaneStarter>();
        return builder;
    }

    private static void Configure(ISiloBuilder silo, HrmsSiloOptions options)
    {
        var siloPort = options.SiloPort != 0 ? options.SiloPort : FreePort.Next();
        silo.ConfigureEndpoints(IPAddress.Parse(options.AdvertisedAddress), siloPort, options.GatewayPort);
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, ServiceId));
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = TimeSpan.FromMilliseconds(options.ProbeTimeoutMilliseconds);
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(10);
            // A silo that starts waits for everybody whom the table calls alive to answer, until they have missed this three times. When all were killed at once, that is how long nobody serves.
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(10);
        });
        if (options.Tls.IsConfigured)
            silo.UseTls(options.Tls.Configure);
        silo.UseHrmsPostgres();
        silo.AddIncomingGrainCallFilter<FaultFilter>();
        silo.AddOutgoingGrainCallFilter<FaultFilter>();
        silo.AddActivityPropagation();
        // Counts calls only while an operator looks at the dashboard, which an API process serves; but reads all of Orleans' metrics at this interval always, each second unless told otherwise.
        silo.AddDashboard(dashboard => (dashboard.HideTrace, dashboard.CounterUpdateIntervalMs) = (true, 10_000));
    }
}
