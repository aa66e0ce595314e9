using Hrms.Api.Identity.Accounts;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;

namespace Hrms.Api.Identity.OAuth;

/// <summary>Makes the apps of the file the apps that there are: new ones come, changed ones change, those that are gone go with all they were given.</summary>
internal sealed class ClientsAtStart(HrmsIdentityOptions options, IServiceScopeFactory scopes) : IHostedLifecycleService
{
    /// <summary>Any constant that no other advisory lock in the database has ("hrmc" in ASCII).</summary>
    private const long LockKey = 0x68726D63;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var wanted = ClientsFile.Read(options.ClientsFile).Select(client => client.ToDescriptor()).ToList();
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<IdentityDatabase>();
        var apps = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        await database.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            // Nodes that start together do this one after the other. The lock ends with the connection's use.
            await database.Database.ExecuteSqlAsync($"select pg_advisory_lock({LockKey})", cancellationToken);
            await SynchronizeAsync(apps, wanted, cancellationToken);
        }
        finally
        {
            await database.Database.ExecuteSqlAsync($"select pg_advisory_unlock({LockKey})", CancellationToken.None);
            await database.Database.CloseConnectionAsync();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task SynchronizeAsync(IOpenIddictApplicationManager apps, List<OpenIddictApplicationDescriptor> wanted, CancellationToken cancellationToken)
    {
        List<object> known = [];
        await foreach (var app in apps.ListAsync(null, null, cancellationToken))
            known.Add(app);
        foreach (var app in known)
        {
            var clientId = await apps.GetClientIdAsync(app, cancellationToken);
            if (!wanted.Exists(descriptor => descriptor.ClientId == clientId))
                await apps.DeleteAsync(app, cancellationToken);
        }
        foreach (var descriptor in wanted)
        {
            if (await apps.FindByClientIdAsync(descriptor.ClientId!, cancellationToken) is { } app)
                await apps.UpdateAsync(app, descriptor, cancellationToken);
            else
                await apps.CreateAsync(descriptor, cancellationToken);
        }
    }
}
