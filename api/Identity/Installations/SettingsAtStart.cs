using System.Globalization;
using Hrms.Api.Budgets;
using Hrms.Api.GraphQL.Http;
using Hrms.Api.Identity.Accounts;
using Hrms.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Hrms.Api.Identity.Installations;

/// <summary>
/// Who may ask what, and how much, is set at the machine and holds from a start on. A process that starts with other settings than the history knows has it told: so an auditor sees that a budget was raised or the
/// endpoint opened, and when. Processes that differ from each other each say theirs.
/// </summary>
internal sealed class SettingsAtStart(
    IServiceScopeFactory scopes, HrmsIdentityOptions identity, IOptions<RequestBudgetOptions> budget, IOptions<GraphQLHttpOptions> graphql, TimeProvider clock) : IHostedLifecycleService
{
    /// <summary>Any constant that no other advisory lock in the database has ("hrmt" in ASCII).</summary>
    private const long LockKey = 0x68726D74;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<IdentityDatabase>();
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        await database.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({LockKey})", cancellationToken);
        var told = await database.Set<ToldSetting>().ToDictionaryAsync(setting => setting.Name, cancellationToken);
        foreach (var (name, value) in Now())
        {
            if (told.GetValueOrDefault(name) is not { } known)
                database.Add(new ToldSetting { Name = name, Value = value });
            else if (known.Value == value)
                continue;
            else
                known.Value = value;
            database.Add(UntoldAct.Of(AdministrativeActKind.SettingChanged, $"{name}: {value}", clock.GetUtcNow()));
        }
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<(string Name, string Value)> Now() =>
    [
        ("cost of a party in a minute", Number(budget.Value.CostPerMinute)), ("cost of an address without a token in a minute", Number(budget.Value.AnonymousCostPerMinute)),
        ("tries of an address in a minute", Number(identity.TriesPerMinute)), ("GraphQL documents", graphql.Value.RequireTrustedDocuments ? $"trusted alone, {graphql.Value.TrustedDocuments.Digest}" : "any"),
    ];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
