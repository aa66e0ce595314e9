using Hrms.Domain.Ports;
using Hrms.Storage.Content;
using Hrms.Storage.Journal;
using Hrms.Storage.Keys;
using Hrms.Storage.Lanes;
using Hrms.Storage.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hrms.Storage;

/// <summary>Registers the storage ports over PostgreSQL.</summary>
public static class StorageServices
{
    /// <summary>The key of the machine's own clock, from which <see cref="DatabaseClock"/> has its counter.</summary>
    public const string MachineClock = "machine";

    /// <summary>
    /// Everything that is stored, from one <see cref="NpgsqlDataSource"/>: <see cref="IJournal"/>, <see cref="IContentStore"/>, <see cref="IKeyRing"/>, <see cref="IErasures"/>,
    /// <see cref="IKeyVault"/>, <see cref="IMemberKeys"/>, <see cref="IKnownMembers"/>, <see cref="ILaneStore"/>, <see cref="IPatientKeyQueue"/>, <see cref="IFollowedLedger"/>, <see cref="IEntropy"/>; and <see cref="TimeProvider"/>, which is the database's time. The schema is brought up to date before any hosted service starts, and
    /// the journal is written out after all have stopped.
    /// </summary>
    public static IServiceCollection AddHrmsStorage(this IServiceCollection services, Action<StorageOptions> configure)
    {
        services.AddOptions<StorageOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.TryAddKeyedSingleton(MachineClock, TimeProvider.System);
        services.AddSingleton(Clock);
        // In place of the machine's, whoever has registered that before.
        services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<DatabaseClock>());
        services.TryAddSingleton<IEntropy, SystemEntropy>();
        services.TryAddSingleton<IKeyVault>(Vault);
        services.TryAddSingleton<IMemberKeys>(MemberKeys);
        services.TryAddSingleton<IKnownMembers>(provider => new KnownMembersFile(Options(provider).KnownMembersFile, provider.GetRequiredService<IMemberKeys>()));
        services.TryAddSingleton(DataSource);
        services.AddSingleton(provider => new PostgresJournal(
            provider.GetRequiredService<NpgsqlDataSource>(), Options(provider).Journal, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PostgresJournal>>()));
        services.AddSingleton<IJournal>(provider => provider.GetRequiredService<PostgresJournal>());
        services.AddSingleton<IContentStore, PostgresContentStore>();
        services.AddSingleton<PostgresKeyRing>();
        services.AddSingleton<IKeyRing>(provider => provider.GetRequiredService<PostgresKeyRing>());
        services.AddSingleton<IErasures, PostgresErasures>();
        services.AddSingleton<ILaneStore, PostgresLaneStore>();
        services.AddSingleton<IPatientKeyQueue, PostgresPatientKeyQueue>();
        services.AddSingleton<IFollowedLedger, PostgresFollowedLedger>();
        services.AddSingleton<DatabaseProbe>();
        services.AddHostedService<StorageLifecycle>();
        services.AddHostedService<ClockReader>();
        services.AddHostedService<PaceSweep>();
        services.AddHostedService(provider => new AccessLineSweep(
            provider.GetRequiredService<NpgsqlDataSource>(), Options(provider).Journal, provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    /// <summary>A data source as the adapters here expect it. Called by tests and tools that need one without a host; the caller disposes it.</summary>
    public static NpgsqlDataSource CreateDataSource(StorageOptions options, ILoggerFactory? log = null)
    {
        var builder = new NpgsqlDataSourceBuilder(options.ConnectionString) { Name = StorageTelemetry.Name };
        builder.UseLoggerFactory(log);
        builder.ConnectionStringBuilder.MaxPoolSize = options.ConnectionsMax;
        // Statements that come again are prepared by themselves.
        builder.ConnectionStringBuilder.MaxAutoPrepare = 64;
        builder.ConnectionStringBuilder.AutoPrepareMinUsages = 2;
        builder.ConnectionStringBuilder.ApplicationName ??= "hrms-silo";
        return builder.Build();
    }

    private static DatabaseClock Clock(IServiceProvider provider)
    {
        var database = provider.GetRequiredService<NpgsqlDataSource>();
        // Read before anybody asks, Orleans included, which tells the silos' generations apart by it.
        return DatabaseClock.BeginAsync(async cancellationToken =>
        {
            await using var command = database.CreateCommand("select clock_timestamp()");
            return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!);
        }, provider.GetRequiredKeyedService<TimeProvider>(MachineClock), CancellationToken.None).GetAwaiter().GetResult();
    }

    private static NpgsqlDataSource DataSource(IServiceProvider provider) =>
        CreateDataSource(Options(provider), provider.GetService<ILoggerFactory>());

    private static IKeyVault Vault(IServiceProvider provider) =>
        new FileKeyVault(
            Options(provider).KeyFile ?? throw new KeyFileException(
                $"{nameof(StorageOptions)}.{nameof(StorageOptions.KeyFile)} is not set, and no other {nameof(IKeyVault)} is registered."),
            provider.GetRequiredService<IEntropy>());

    private static MemberKeyFile MemberKeys(IServiceProvider provider) =>
        new(Options(provider).MemberKeyFile ?? throw new KeyFileException(
            $"{nameof(StorageOptions)}.{nameof(StorageOptions.MemberKeyFile)} is not set, and no other {nameof(IMemberKeys)} is registered."));

    private static StorageOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<StorageOptions>>().Value;
}
