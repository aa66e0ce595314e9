using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.Extensions.Options;

namespace Hrms.Api.Budgets;

/// <summary>
/// The budgets of this process: one for each payer, which fills up evenly and holds a minute's worth at most. A request is let in while anything is left, so that none is too large for ever; what it
/// costs beyond is a debt, of a minute's worth at most. The rate limiters of .NET can't charge afterwards, nor be led by a clock.
/// </summary>
internal sealed class RequestBudget : IRequestBudget, IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Who has not come for so long has paid any debt and saved a minute's worth: as somebody who never came.</summary>
    private static readonly TimeSpan ForgottenAfter = 2 * Minute;

    private readonly ConcurrentDictionary<Payer, Account> _accounts = [];
    private readonly RequestBudgetOptions _options;
    private readonly TimeProvider _clock;
    private readonly ITimer _forgetting;

    public RequestBudget(IOptions<RequestBudgetOptions> options, TimeProvider clock)
    {
        (_options, _clock) = (options.Value, clock);
        _forgetting = clock.CreateTimer(_ => Forget(), null, Minute, Minute);
    }

    /// <summary>Payers that are remembered.</summary>
    public int Count => _accounts.Count;

    public TimeSpan? Admit(HttpContext http, ClaimsPrincipal user, long cost) => Admit(Payer.Of(http, user), cost);

    public void Charge(HttpContext http, ClaimsPrincipal user, long cost)
    {
        if (cost > 0)
            Charge(Payer.Of(http, user), cost);
    }

    public TimeSpan? Admit(Payer payer, long cost)
    {
        var account = AccountOf(payer);
        lock (account)
        {
            Fill(account);
            if (account.Left <= 0)
                return TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling((1 - account.Left) * Minute.TotalSeconds / account.PerMinute)));
            Take(account, cost);
            return null;
        }
    }

    public void Charge(Payer payer, long cost)
    {
        var account = AccountOf(payer);
        lock (account)
        {
            Fill(account);
            Take(account, cost);
        }
    }

    public void Dispose() => _forgetting.Dispose();

    private Account AccountOf(Payer payer) => _accounts.GetOrAdd(payer, static (payer, budget) => new Account(
        payer.Party is null ? budget._options.AnonymousCostPerMinute : budget._options.CostPerMinute, budget._clock.GetTimestamp()), this);

    private void Fill(Account account)
    {
        var now = _clock.GetTimestamp();
        var passed = _clock.GetElapsedTime(account.At, now);
        (account.Left, account.At) = (Math.Min(account.PerMinute, account.Left + passed / Minute * account.PerMinute), now);
    }

    private static void Take(Account account, long cost) => account.Left = Math.Max(-account.PerMinute, account.Left - cost);

    private void Forget()
    {
        foreach (var (payer, account) in _accounts)
            if (_clock.GetElapsedTime(account.At) > ForgottenAfter)
                _accounts.TryRemove(payer, out _);
    }

    private sealed class Account(int perMinute, long now)
    {
        public int PerMinute { get; } = perMinute;

        public double Left { get; set; } = perMinute;

        public long At { get; set; } = now;
    }
}
