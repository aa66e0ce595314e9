using Hrms.Api.Identity.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Hrms.Api.Identity.Pages;

/// <summary>Making an account and confirming its e-mail address.</summary>
internal static class SignUpPages
{
    public static void Map(RouteGroupBuilder account)
    {
        account.MapGet("/sign-up", () => new RazorComponentResult<SignUpForm>());
        account.MapPost("/sign-up", async Task<IResult> ([FromForm] string? email, [FromForm] string? password, SignUp signUp, CancellationToken cancellationToken) =>
        {
            var problems = await signUp.BeginAsync(email?.Trim() ?? "", password ?? "", cancellationToken);
            return problems.Count > 0
                ? new RazorComponentResult<SignUpForm>(new { Problems = problems, Email = email })
                : Message.Saying("MailSent");
        }).RequireRateLimiting(HrmsIdentity.Tries);
        account.MapGet("/confirm", (string? account, string? token) => new RazorComponentResult<Confirm>(new { Account = account, Token = token }));
        account.MapPost("/confirm", async ([FromForm] string? account, [FromForm] string? token, SignUp signUp) => await signUp.ConfirmAsync(account ?? "", token ?? "")
            ? Message.Saying("Welcome")
            : new RazorComponentResult<Message>(new { What = "ConfirmOver", Next = "/account/sign-up", NextIs = "SignUp" })).RequireRateLimiting(HrmsIdentity.Tries);
    }
}
