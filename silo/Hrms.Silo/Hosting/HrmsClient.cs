using Hrms.Contracts;
using Hrms.Grains.Journaling;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace Hrms.Silo.Hosting;

/// <summary>The composition of a process that calls the grains of silos elsewhere: an API process of its own.</summary>
public static class HrmsClient
{
    // Silos may come up later than the API: it waits for them rather than giving up.
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    /// <param name="membership">PostgreSQL with the cluster's membership table.</param>
    /// <param name="lanes">Lanes of the ledger, as the silos have them.</param>
    /// <param name="answerWithin">How long a call waits, but for those that say another time themselves.</param>
    public static IHostApplicationBuilder AddHrmsClient(this IHostApplicationBuilder builder, string membership, string clusterId, int lanes, TimeSpan answerWithin)
    {
        builder.Services.AddSingleton(new LaneCount(lanes));
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (clusterId, HrmsSilo.ServiceId));
            client.Configure<GatewayOptions>(gateway => gateway.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
            // Nobody tells a client that the silo behind its gateway died with its call: this time does.
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = answerWithin);
            client.UseHrmsPostgres(membership);
            client.AddOutgoingGrainCallFilter<FaultFilter>();
            client.AddOutgoingGrainCallFilter(new RepeatOnce(answerWithin));
            client.AddActivityPropagation();
            client.AddDashboard(dashboard => dashboard.HideTrace = true);
            client.UseConnectionRetryFilter(async (_, stop) =>
            {
                await Task.Delay(RetryEvery, stop);
                return true;
            });
        });
        return builder;
    }
}
