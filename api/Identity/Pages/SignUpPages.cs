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
                : new RazorComponentResult<Message>(new { Title = "Look into your mail", Text = "We sent you a mail. Follow its link within a day." });
        }).RequireRateLimiting(HrmsIdentity.Tries);
        account.MapGet("/confirm", (string? account, string? token) => new RazorComponentResult<Confirm>(new { Account = account, Token = token }));
        account.MapPost("/confirm", async ([FromForm] string? account, [FromForm] string? token, SignUp signUp) => await signUp.ConfirmAsync(account ?? "", token ?? "")
            ? new RazorComponentResult<Message>(new { Title = "Welcome", Text = "Your account is ready." })
            : new RazorComponentResult<Message>(new
            {
                Title = "This link is not good any more", Text = "It was used before, or is older than a day.", Next = "/account/sign-up", NextText = "Make an account",
            })).RequireRateLimiting(HrmsIdentity.Tries);
    }
}
