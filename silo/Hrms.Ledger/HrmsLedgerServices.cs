using Hrms.Domain.Ports;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Following;
using Hrms.Ledger.Rpc;
using Hrms.Ledger.Signing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Hrms.Ledger;

/// <summary>Composition of the ledger adapter. Called by the silo's host.</summary>
public static class HrmsLedgerServices
{
    /// <summary>
    /// Adds <see cref="ILedger"/>, <see cref="IPatientKeyLedger"/>, <see cref="ILedgerEvents"/> and <see cref="HealthLedgerView"/>. Needs <see cref="ILaneStore"/> from the storage adapter. An
    /// <see cref="ILaneKeys"/> that is registered before takes the place of the key file.
    /// </summary>
    public static IServiceCollection AddHrmsLedger(this IServiceCollection services, Action<LedgerOptions> configure)
    {
        services.AddOptions<LedgerOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<LedgerOptions>, LedgerOptionsCheck>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Keys);
        services.AddSingleton(provider => Pool(Options(provider)));
        services.AddSingleton<HealthLedgerView>();
        services.AddSingleton<PatientKeysView>();
        services.AddSingleton<BlockTimes>();
        services.AddSingleton<TransactionSender>();
        services.AddSingleton<DeploymentSender>();
        services.AddSingleton<Installation>();
        services.AddSingleton<ILedger, EvmLedger>();
        services.AddSingleton<IPatientKeyLedger, EvmPatientKeyLedger>();
        services.AddSingleton<ILedgerEvents, EvmLedgerEvents>();
        return services;
    }

    private static LedgerOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<LedgerOptions>>().Value;

    private static NodePool Pool(LedgerOptions options) => new([.. options.Nodes.Select(node => new Uri(node))], options.CallTimeout, options.TokenFile);

    private static ILaneKeys Keys(IServiceProvider provider) => Options(provider) switch
    {
        { Embedded: true } options => LaneKeyFile.OpenOrCreate(options.KeyFile, options.KeyCount),
        var options => LaneKeyFile.Open(options.KeyFile),
    };
}
