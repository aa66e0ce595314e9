using Hrms.Grains.Journaling;
using Npgsql;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace Hrms.Silo.Hosting;

/// <summary>Orleans' own tables over the silo's one <see cref="NpgsqlDataSource"/>: membership, reminders and grain state (migration 0004).</summary>
public static class OrleansOverPostgres
{
    private const string Invariant = "Npgsql";

    /// <summary>
    /// Called by the composition root beside <see cref="Storage.StorageServices.AddHrmsStorage"/>, which registers the data source and brings up
    /// the schema before the silo starts. Grain state is the default storage: snapshots, which their grains seal.
    /// </summary>
    public static ISiloBuilder UseHrmsPostgres(this ISiloBuilder silo) => silo
        .ConfigureServices(LetFaultsTravel)
        .UseAdoNetClustering(options => options.Configure<NpgsqlDataSource>(Use))
        .UseAdoNetReminderService(options => options.Configure<NpgsqlDataSource>(Use))
        .AddAdoNetGrainStorageAsDefault(options => options.Configure<NpgsqlDataSource, OrleansJsonSerializer>(Use));

    /// <summary>For an API process of its own: finds the silos in the membership table, and opens nothing else.</summary>
    public static IClientBuilder UseHrmsPostgres(this IClientBuilder client, string membership) =>
        client.ConfigureServices(LetFaultsTravel).UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Invariant, membership));

    /// <summary>
    /// Faults of storage arrive in another process as what they are. No filter stands before a grain that can't begin, so Orleans sends the exception itself; by default it does so for types of .NET alone,
    /// and in place of ours and PostgreSQL's comes one that says nothing to <see cref="FaultFilter"/>.
    /// </summary>
    private static void LetFaultsTravel(IServiceCollection services) =>
        services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.UnionWith(["Hrms.", Invariant]));

    private static void Use(AdoNetClusteringSiloOptions options, NpgsqlDataSource database) =>
        (options.Invariant, options.DataSource) = (Invariant, database);

    private static void Use(AdoNetReminderTableOptions options, NpgsqlDataSource database) =>
        (options.Invariant, options.DataSource) = (Invariant, database);

    // A cleared state keeps its row: a stale activation can't put it back.
    private static void Use(AdoNetGrainStorageOptions options, NpgsqlDataSource database, OrleansJsonSerializer json) =>
        (options.Invariant, options.DataSource, options.DeleteStateOnClear, options.GrainStorageSerializer) =
            (Invariant, database, false, new SnapshotSerializer(new JsonGrainStorageSerializer(json)));
}
