using System.Net;
using Hrms.Contracts;
using Hrms.Grains.Journaling;
using Microsoft.AspNetCore.Connections;
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
    /// <param name="tls">The process' certificate in the cluster.</param>
    /// <param name="plaintext">What may travel in the clear; without a certificate silos of other machines are refused otherwise.</param>
    public static IHostApplicationBuilder AddHrmsClient(
        this IHostApplicationBuilder builder, string membership, string clusterId, int lanes, TimeSpan answerWithin, ClusterTls tls, PlaintextPaths plaintext)
    {
        builder.Services.AddSingleton(new LaneCount(lanes));
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (clusterId, HrmsSilo.ServiceId));
            client.Configure<GatewayOptions>(gateway => gateway.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
            // Nobody tells a client that the silo behind its gateway died with its call: this time does.
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = answerWithin);
            if (tls.IsConfigured)
                client.UseTls(tls.Configure);
            else
                client.Configure<ClientConnectionOptions>(connections => connections.ConfigureConnection(connection => connection.Use(next => context => RefuseOtherMachines(context, plaintext, next))));
            client.UseHrmsPostgres(membership);
            client.AddOutgoingGrainCallFilter<FaultFilter>();
            client.AddOutgoingGrainCallFilter(new RepeatUnanswered(answerWithin));
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

    /// <summary>The membership table says where silos are; one on another machine is not spoken to in the clear.</summary>
    private static Task RefuseOtherMachines(ConnectionContext connection, PlaintextPaths plaintext, ConnectionDelegate next) =>
        connection.RemoteEndPoint is IPEndPoint silo && TransportRules.Cluster($"{silo.Address}", hasCertificate: false, plaintext) is { } wrong
            ? throw new TransportException(wrong) : next(connection);
}
