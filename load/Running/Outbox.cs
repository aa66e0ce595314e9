using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Hrms.Load.Running;

/// <summary>The mails that an embedded system sent, which it puts as files into its data folder. Each is read once.</summary>
internal sealed partial class Outbox(string dataFolder)
{
    private readonly string _folder = Path.Combine(dataFolder, "outbox");
    private readonly ConcurrentDictionary<string, string> _mails = [];

    /// <summary>The address, without the server's name, that a mail to somebody holds.</summary>
    /// <exception cref="RequestFailedException">No such mail has come.</exception>
    public string LinkFor(string email)
    {
        foreach (var file in Directory.EnumerateFiles(_folder, "*.eml").Where(file => !_mails.ContainsKey(file)))
            _mails.TryAdd(file, File.ReadAllText(file));
        return _mails.Values.Where(mail => mail.StartsWith($"To: {email}\r\n", StringComparison.Ordinal)).Select(mail => Link().Match(mail)).FirstOrDefault(found => found.Success)?.Groups[1].Value
            ?? throw new RequestFailedException($"No mail with a link came to {email}: {_folder} has none.");
    }

    [GeneratedRegex(@"https?://[^/\s]+(/\S+)")]
    private static partial Regex Link();
}
