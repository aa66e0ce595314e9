using System.Security.Cryptography;
using System.Text.Json;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.Installations;
using Hrms.Contracts;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;

namespace Hrms.Api.Identity.OAuth;

/// <summary>
/// Makes the apps of the file the apps that there are: new ones come, changed ones change, those that are gone go with all they were given. Each is an act in the installation's history, in the transaction in which
/// it happens.
/// </summary>
internal sealed class ClientsAtStart(HrmsIdentityOptions options, IServiceScopeFactory scopes, TimeProvider clock) : IHostedLifecycleService
{
    /// <summary>Among an application's properties: what the file said of it, as a hash.</summary>
    private const string DigestProperty = "hrms_digest";

    /// <summary>Any constant that no other advisory lock in the database has ("hrmc" in ASCII).</summary>
    private const long LockKey = 0x68726D63;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var wanted = ClientsFile.Read(options.ClientsFile).Select(DescriptorOf).ToList();
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<IdentityDatabase>();
        var apps = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        // Nodes that start together do this one after the other.
        await database.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({LockKey})", cancellationToken);
        await SynchronizeAsync(database, apps, wanted, cancellationToken);
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task SynchronizeAsync(IdentityDatabase database, IOpenIddictApplicationManager apps, List<OpenIddictApplicationDescriptor> wanted, CancellationToken cancellationToken)
    {
        List<object> known = [];
        await foreach (var app in apps.ListAsync(null, null, cancellationToken))
            known.Add(app);
        foreach (var app in known)
        {
            var clientId = await apps.GetClientIdAsync(app, cancellationToken);
            if (wanted.Exists(descriptor => descriptor.ClientId == clientId))
                continue;
            await apps.DeleteAsync(app, cancellationToken);
            Note(AdministrativeActKind.AppRemoved, clientId!);
        }
        foreach (var descriptor in wanted)
        {
            if (await apps.FindByClientIdAsync(descriptor.ClientId!, cancellationToken) is not { } app)
            {
                await apps.CreateAsync(descriptor, cancellationToken);
                Note(AdministrativeActKind.AppRegistered, descriptor.ClientId!);
            }
            else if (!(await apps.GetPropertiesAsync(app, cancellationToken)).TryGetValue(DigestProperty, out var digest) || digest.GetString() != descriptor.Properties[DigestProperty].GetString())
            {
                await apps.UpdateAsync(app, descriptor, cancellationToken);
                Note(AdministrativeActKind.AppChanged, descriptor.ClientId!);
            }
        }

        void Note(AdministrativeActKind kind, string clientId) => database.Add(UntoldAct.Of(kind, clientId, clock.GetUtcNow()));
    }

    private static OpenIddictApplicationDescriptor DescriptorOf(ClientMetadata client)
    {
        var descriptor = client.ToDescriptor();
        descriptor.Properties[DigestProperty] = JsonSerializer.SerializeToElement(Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(client))));
        return descriptor;
    }
}
