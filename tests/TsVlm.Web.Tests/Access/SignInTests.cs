using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using TsVlm.Web.Access;
using TsVlm.Web.Tests.Server;

namespace TsVlm.Web.Tests.Access;

/// <summary>The pages as a service, where each user signs in.</summary>
public sealed partial class SignInTests(LocalServer server) : IAsyncLifetime
{
    private WebApplication? pages;
    private HttpClient? http;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting().AddSingleton(TimeProvider.System);
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddPages(new WebSettings(server.Address, null, NeedsSignIn: true));
        pages = builder.Build();
        pages.MapPages();
        await pages.StartAsync();
        http = new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(pages.Urls.First()) };
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/new")]
    [InlineData("/experiments/x/runs/y/samples")]
    [InlineData("/files/experiments/x/report.html")]
    [InlineData("/files/runs/x/evaluation/predictions.csv")]
    public async Task A_page_or_file_is_not_shown_without_a_key(string path)
    {
        using var answer = await http!.GetAsync(path, Now);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal($"/sign-in?from={Uri.EscapeDataString(path)}", answer.Headers.Location!.PathAndQuery);
    }

    [Fact]
    public async Task A_browser_tab_is_not_connected_without_a_key()
    {
        using var answer = await http!.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, Now);
        Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_key_of_the_server_opens_the_pages_until_the_user_signs_out()
    {
        using var entered = await SignIn(LocalServer.Key, "/new");
        Assert.Equal((HttpStatusCode.Redirect, "/new"), (entered.StatusCode, entered.Headers.Location!.OriginalString));
        Assert.Contains(entered.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("tsvlm=", StringComparison.Ordinal)
            && cookie.Contains("httponly") && cookie.Contains("samesite=strict") && !cookie.Contains(LocalServer.Key));
        using var page = await http!.GetAsync("/", Now);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using var report = await http.GetAsync($"/files/experiments/{server.Experiment}/report.html", Now);
        Assert.Equal(HttpStatusCode.OK, report.StatusCode);
        Assert.StartsWith("sandbox", report.Headers.GetValues("Content-Security-Policy").Single());
        using var left = await Post("/sign-out", new() { ["confirmed"] = "yes" });
        Assert.Equal("/sign-in", left.Headers.Location!.OriginalString);
        using var refused = await http.GetAsync("/", Now);
        Assert.Equal(HttpStatusCode.Redirect, refused.StatusCode);
    }

    [Theory]
    [InlineData("another key")]
    [InlineData("")]
    [InlineData("line\nbreak")]
    public async Task Another_key_is_refused_in_words(string key)
    {
        using var answer = await SignIn(key, "/");
        Assert.Contains("Expected a key of the server", await answer.Content.ReadAsStringAsync(Now));
        Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(c => c.StartsWith("tsvlm=", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("evil")]
    public async Task Signing_in_leads_to_no_other_host(string from)
    {
        using var answer = await SignIn(LocalServer.Key, from);
        Assert.Equal("/", answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Signing_in_from_another_site_is_refused()
    {
        using var answer = await http!.PostAsync("/sign-in", new FormUrlEncodedContent([new("key", LocalServer.Key)]), Now);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Keys_cannot_be_tried_without_end()
    {
        var token = await Token("/sign-in");
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 12; i++)
        {
            using var answer = await http!.PostAsync("/sign-in", Form(token, new() { ["key"] = "" }), Now);
            statuses.Add(answer.StatusCode);
        }
        Assert.Equal(HttpStatusCode.OK, statuses[0]);
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
    }

    [Fact]
    public async Task A_page_may_run_no_script_of_its_own_and_ask_no_other_host()
    {
        using var answer = await http!.GetAsync("/sign-in", Now);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self';", policy);
        Assert.Contains("default-src 'none'", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain("http", policy);
        Assert.DoesNotContain("<script", await answer.Content.ReadAsStringAsync(Now));
    }

    public async ValueTask DisposeAsync()
    {
        http?.Dispose();
        if (pages is not null) await pages.DisposeAsync();
    }

    private Task<HttpResponseMessage> SignIn(string key, string from) => Post("/sign-in", new() { ["key"] = key, ["from"] = from });

    private async Task<HttpResponseMessage> Post(string path, Dictionary<string, string> fields) =>
        await http!.PostAsync(path, Form(await Token(path), fields), Now);

    private static FormUrlEncodedContent Form(string token, Dictionary<string, string> fields) =>
        new(fields.Append(new("__RequestVerificationToken", token)));

    private async Task<string> Token(string path) =>
        WebUtility.HtmlDecode(Antiforgery().Match(await http!.GetStringAsync(path, Now)).Groups[1].Value);

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Antiforgery();
}
