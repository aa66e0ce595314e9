using System.Security.Claims;
using System.Text.Json;
using Hrms.Api.Auth;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.Pages;
using Microsoft.Extensions.Localization;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Hrms.Api.Identity.OAuth;

using Apps = IOpenIddictApplicationManager;
using Authorizations = IOpenIddictAuthorizationManager;
using Tokens = IOpenIddictTokenManager;

/// <summary>An app as people know it.</summary>
/// <param name="Organization">Only for an organisation's own system.</param>
internal sealed record App(string Id, string ClientId, string Name, Guid? Organization);

/// <summary>An app that a person has connected.</summary>
/// <param name="Id">The app's, as the form names it.</param>
internal sealed record Connection(string Id, string Name, DateTimeOffset Since, IReadOnlyList<string> Wishes);

/// <summary>Which apps there are, and which of them somebody has connected. Called by the OAuth endpoints and by the account's page.</summary>
internal sealed class ConnectedApps(Apps apps, Authorizations authorizations, Tokens tokens, IStringLocalizer<Words> words)
{
    /// <summary>Where an organisation's system says whose it is: among the application's properties.</summary>
    public const string OrganizationProperty = "hrms_organization";

    public async Task<App?> AppAsync(string clientId, CancellationToken cancellationToken) =>
        await apps.FindByClientIdAsync(clientId, cancellationToken) is { } found ? await OfAsync(found, cancellationToken) : null;

    /// <summary>Notes that the person agreed, once for the same wishes, and returns the note's id, which all tokens carry.</summary>
    public async Task<string> ConnectAsync(Account account, App app, ClaimsIdentity agreed, CancellationToken cancellationToken)
    {
        await foreach (var known in authorizations.FindAsync($"{account.Id:D}", app.Id, Statuses.Valid, AuthorizationTypes.Permanent, agreed.GetScopes(), cancellationToken))
            if ((await authorizations.GetScopesAsync(known, cancellationToken)).Length == agreed.GetScopes().Length)
                return (await authorizations.GetIdAsync(known, cancellationToken))!;
        var made = await authorizations.CreateAsync(agreed, $"{account.Id:D}", app.Id, AuthorizationTypes.Permanent, agreed.GetScopes(), cancellationToken);
        return (await authorizations.GetIdAsync(made, cancellationToken))!;
    }

    public async Task<IReadOnlyList<Connection>> ListAsync(Account account, CancellationToken cancellationToken)
    {
        var connections = new Dictionary<string, Connection>();
        await foreach (var known in authorizations.FindAsync($"{account.Id:D}", null, Statuses.Valid, AuthorizationTypes.Permanent, null, cancellationToken))
        {
            if (await authorizations.GetApplicationIdAsync(known, cancellationToken) is not { } id || await apps.FindByIdAsync(id, cancellationToken) is not { } app)
                continue;
            var since = await authorizations.GetCreationDateAsync(known, cancellationToken) ?? DateTimeOffset.MinValue;
            var wishes = words.InWords(await authorizations.GetScopesAsync(known, cancellationToken), account.Role == HrmsRoles.Patient);
            var before = connections.GetValueOrDefault(id);
            connections[id] = new Connection(
                id, (await OfAsync(app, cancellationToken)).Name, before is null || since < before.Since ? since : before.Since, [.. wishes.Union(before?.Wishes ?? [])]);
        }
        return [.. connections.Values.OrderBy(connection => connection.Name, StringComparer.Ordinal)];
    }

    /// <summary>Ends all that the app was ever given by this person: access and refresh tokens are dead when this returns.</summary>
    public async Task DisconnectAsync(Account account, string app, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(app, out _))
            return;
        await authorizations.RevokeAsync($"{account.Id:D}", app, null, null, cancellationToken);
        await tokens.RevokeAsync($"{account.Id:D}", app, null, null, cancellationToken);
    }

    /// <summary>Ends all that any app was ever given by this person.</summary>
    public async Task DisconnectAllAsync(Account account, CancellationToken cancellationToken)
    {
        await authorizations.RevokeAsync($"{account.Id:D}", null, null, null, cancellationToken);
        await tokens.RevokeAsync($"{account.Id:D}", null, null, null, cancellationToken);
    }

    private async Task<App> OfAsync(object found, CancellationToken cancellationToken)
    {
        var clientId = (await apps.GetClientIdAsync(found, cancellationToken))!;
        var properties = await apps.GetPropertiesAsync(found, cancellationToken);
        return new App(
            (await apps.GetIdAsync(found, cancellationToken))!, clientId, await apps.GetDisplayNameAsync(found, cancellationToken) ?? clientId,
            properties.TryGetValue(OrganizationProperty, out var organization) && organization.ValueKind == JsonValueKind.String ? organization.GetGuid() : null);
    }
}
