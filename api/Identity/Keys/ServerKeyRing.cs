using System.Security.Cryptography;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.Installations;
using Hrms.Contracts;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;

namespace Hrms.Api.Identity.Keys;

/// <summary>
/// The server's keys, the same on every node and after every start. Loaded before the server listens; looked after every minute: what others made is taken over, a key
/// that grew old gets a successor, and goes when nothing that it signed or encrypted can be alive.
/// </summary>
internal sealed partial class ServerKeyRing(
    IServiceScopeFactory scopes, IDataProtectionProvider protection, HrmsIdentityOptions options, TimeProvider clock, ILogger<ServerKeyRing> log) : BackgroundService, IHostedLifecycleService
{
    /// <summary>Any constant that no other advisory lock in the database has ("hrmk" in ASCII).</summary>
    private const long LockKey = 0x68726D6B;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1), UsedFor = TimeSpan.FromDays(30), PublishedBefore = TimeSpan.FromMinutes(10);

    /// <summary>Longer than a refresh token may lie idle, which is longer than any other token lives.</summary>
    private static readonly TimeSpan KeptAfter = TimeSpan.FromDays(2);

    private readonly IDataProtector _protector = protection.CreateProtector("hrms/identity/server-key/1");
    private volatile ServerKeys? _keys;
    private CancellationTokenSource _changed = new();

    public ServerKeys Keys => _keys ?? throw new InvalidOperationException("The server's keys are read when the host starts.");

    /// <summary>Fires when <see cref="Keys"/> is another set, or another of them is used for what is new.</summary>
    public IChangeToken Changed => new CancellationChangeToken(_changed.Token);

    public Task StartingAsync(CancellationToken cancellationToken) => RefreshAsync(cancellationToken);

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RefreshAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                LookFailed(log, fault.GetType().Name);
            }
        }
    }

    /// <summary>Reads what is stored, makes what is missing, drops what is over.</summary>
    internal async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<IdentityDatabase>();
        var rows = await database.ServerKeys.AsNoTracking().ToListAsync(cancellationToken);
        if (Missing(rows).Any())
        {
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            await database.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({LockKey})", cancellationToken);
            rows = await database.ServerKeys.AsNoTracking().ToListAsync(cancellationToken);
            var (made, over) = (Missing(rows).Select(use => Make(use, first: rows.TrueForAll(row => row.Use != use))).ToList(), rows.Where(row => IsOver(row, rows)).ToList());
            database.ServerKeys.AddRange(made);
            database.ServerKeys.RemoveRange(over);
            database.AddRange(made.Select(key => ActOf(AdministrativeActKind.ServerKeyMade, key)).Concat(over.Select(key => ActOf(AdministrativeActKind.ServerKeyRemoved, key))));
            await database.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            rows = await database.ServerKeys.AsNoTracking().ToListAsync(cancellationToken);
        }
        var now = clock.GetUtcNow();
        var inOrder = rows.OrderBy(row => row.ActiveFrom > now).ThenByDescending(row => row.ActiveFrom).ThenBy(row => row.Id).ToList();
        if (_keys is { } known && known.Order.SequenceEqual(inOrder.Select(row => row.Id)))
            return;
        _keys = ServerKeys.Of(inOrder, Open);
        await Interlocked.Exchange(ref _changed, new CancellationTokenSource()).CancelAsync();
    }

    /// <exception cref="KeyFileMismatchException">It was sealed under a key that the file has not: an older copy of the file, perhaps.</exception>
    private byte[] Open(ServerKey key)
    {
        try
        {
            return _protector.Unprotect(key.Sealed);
        }
        catch (CryptographicException foreign)
        {
            throw new KeyFileMismatchException(options.KeyFile, foreign);
        }
    }

    private IEnumerable<ServerKeyUse> Missing(List<ServerKey> rows)
    {
        var now = clock.GetUtcNow();
        return Enum.GetValues<ServerKeyUse>().Where(use =>
            rows.Where(row => row.Use == use).Select(row => (DateTimeOffset?)row.ActiveFrom).Max() is not { } newest || (use != ServerKeyUse.Lookup && newest + UsedFor < now));
    }

    /// <summary>What this process gave with a key until this moment is alive, also when its machine was asleep and the key's time is long over.</summary>
    private bool IsOver(ServerKey row, List<ServerKey> rows) => row.Use != ServerKeyUse.Lookup && _keys?.Uses(row.Id) != true
        && rows.Exists(other => other.Use == row.Use && other.ActiveFrom > row.ActiveFrom && other.ActiveFrom + KeptAfter < clock.GetUtcNow());

    private ServerKey Make(ServerKeyUse use, bool first)
    {
        var now = clock.GetUtcNow();
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = use == ServerKeyUse.Sign ? pair.ExportPkcs8PrivateKey() : RandomNumberGenerator.GetBytes(32);
        return new ServerKey { Id = Guid.NewGuid(), Use = use, CreatedAt = now, ActiveFrom = first ? now : now + PublishedBefore, Sealed = _protector.Protect(key) };
    }

    private UntoldAct ActOf(AdministrativeActKind kind, ServerKey key) => UntoldAct.Of(kind, $"{key.Use} {key.Id:N}", clock.GetUtcNow());

    [LoggerMessage(Level = LogLevel.Warning, Message = "The server's keys could not be looked after ({Fault}); the known ones stay in use. Tried again in a minute.")]
    private static partial void LookFailed(ILogger log, string fault);
}

/// <summary>The keys of one moment; of each use the one for what is new is the first.</summary>
internal sealed record ServerKeys(IReadOnlyList<Guid> Order, IReadOnlyList<ECDsaSecurityKey> Signing, IReadOnlyList<SymmetricSecurityKey> Encrypting, byte[] Lookup)
{
    public static ServerKeys Of(IReadOnlyList<ServerKey> rows, Func<ServerKey, byte[]> open) => new(
        [.. rows.Select(row => row.Id)],
        [.. rows.Where(row => row.Use == ServerKeyUse.Sign).Select(row => Signer(row.Id, open(row)))],
        [.. rows.Where(row => row.Use == ServerKeyUse.Encrypt).Select(row => new SymmetricSecurityKey(open(row)) { KeyId = $"{row.Id:N}" })],
        open(rows.First(row => row.Use == ServerKeyUse.Lookup)));

    /// <summary>Whether it is used for what is new.</summary>
    public bool Uses(Guid id) => Signing[0].KeyId == $"{id:N}" || Encrypting[0].KeyId == $"{id:N}";

    private static ECDsaSecurityKey Signer(Guid id, byte[] pkcs8)
    {
        var pair = ECDsa.Create();
        pair.ImportPkcs8PrivateKey(pkcs8, out _);
        return new ECDsaSecurityKey(pair) { KeyId = $"{id:N}" };
    }
}
