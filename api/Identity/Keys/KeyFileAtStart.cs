using System.Xml.Linq;
using Hrms.Api.Identity.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Hrms.Api.Identity.Keys;

/// <summary>
/// The key file and the database belong together, or the process does not start: with another file nobody could sign in, no token of before would hold, and what it wrote the right one could not read.
/// Comes before everything that reads or makes keys.
/// </summary>
internal sealed class KeyFileAtStart(IServiceScopeFactory scopes, IKeyWrap wrap, HrmsIdentityOptions options) : IHostedLifecycleService
{
    /// <exception cref="KeyFileMismatchException">None of the keys in the database opens with the file.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var stored = await scope.ServiceProvider.GetRequiredService<IdentityDatabase>().DataProtectionKeys.AsNoTracking().Select(key => key.Xml).ToListAsync(cancellationToken);
        var wrapped = stored.OfType<string>().SelectMany(xml => XElement.Parse(xml).Descendants(WrappingXmlEncryptor.Element)).ToList();
        if (wrapped.Count > 0 && !wrapped.Exists(key => wrap.TryUnwrap(Convert.FromBase64String(key.Value)) is not null))
            throw new KeyFileMismatchException(options.KeyFile);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>The key file is not the one that the database's keys were wrapped with. The message names it and says what to do.</summary>
public sealed class KeyFileMismatchException(string keyFile, Exception? inner = null)
    : Exception($"The keys in the schema identity do not open with the key file '{keyFile}'. Restore the file that belongs to this database.", inner);
