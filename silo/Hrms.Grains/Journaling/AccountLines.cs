using System.Globalization;
using Hrms.Contracts;
using Hrms.Domain.Ports;

namespace Hrms.Grains.Journaling;

/// <summary>
/// The lines of an account's history in one stream: written once for each command, paged newest first. Which commands came before is read from the newest lines, once an activation. Runs on the grain's
/// scheduler only.
/// </summary>
internal sealed class AccountLines(IJournal journal, StreamId stream, Func<JournalRow, (DateTimeOffset At, AccountAct Act, CommandId Command)?> open)
{
    // How many of the newest lines tell a repeat from something new: repeats come within seconds.
    private const int Remembered = 64;

    private readonly Dictionary<CommandId, Task> _written = [];
    private Task? _known;

    /// <summary>Writes a line unless its command came before; answers when it is durable, whoever wrote it.</summary>
    public async Task WriteAsync(CommandId command, bool isNew, Func<Task> write)
    {
        await (_known ??= isNew ? Task.CompletedTask : KnowAsync());
        if (!_written.TryGetValue(command, out var written))
        {
            if (_written.Count >= 4 * Remembered)
                foreach (var old in _written.Where(one => one.Value.IsCompleted).Take(2 * Remembered).Select(one => one.Key).ToList())
                    _written.Remove(old);
            _written[command] = written = write();
        }
        await written;
    }

    public async Task<AccountHistoryPage> PageAsync(int first, long before)
    {
        var rows = await journal.PageAsync(stream, EntryKind.Account, before, first + 1, CancellationToken.None);
        AccountLine[] lines = [.. rows.Take(first).Select(row => open(row) is var (at, act, _) ? new AccountLine(row.Version, at, act) : throw new InvalidOperationException($"Row {row.Version} of stream {stream} is no line of an account."))];
        return new AccountHistoryPage(lines, rows.Count > first, lines.Length == 0 ? null : lines[^1].StreamVersion.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Where a page begins; null: what was given is no cursor, or the page is no size.</summary>
    public static (long Before, Refusal? Wrong) Begin(AccountHistoryQuery query)
    {
        if (query.First is < 1 or > Limits.PageSizeMax)
            return (0, new Refusal(RefusalCode.Invalid, $"A page has 1 to {Limits.PageSizeMax} lines.", "first"));
        long before = long.MaxValue;
        return query.After is not null && !(long.TryParse(query.After, NumberStyles.None, CultureInfo.InvariantCulture, out before) && before > 0)
            ? (0, new Refusal(RefusalCode.Invalid, "This is not a cursor of a page of lines.", "after"))
            : (before, null);
    }

    private async Task KnowAsync()
    {
        foreach (var row in await journal.PageAsync(stream, EntryKind.Account, long.MaxValue, Remembered, CancellationToken.None))
            if (open(row) is var (_, _, command))
                _written.TryAdd(command, Task.CompletedTask);
    }
}
