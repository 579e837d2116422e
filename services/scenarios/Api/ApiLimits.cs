using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace TsVlm.Scenarios.Api;

/// <summary>How much a key may ask for: requests per second, and streams of events at a time. Beyond that the answer is 429.</summary>
internal static class ApiLimits
{
    /// <summary>The limit of streams of events.</summary>
    public const string EventReaders = "event-readers";

    private const int Burst = 2;   // seconds of requests that may come at once

    public static void AddApiLimits(this IServiceCollection services) =>
        services.AddRateLimiter(_ => { }).AddOptions<RateLimiterOptions>().Configure<ApiSettings, ApiAccess>((limits, settings, access) =>
        {
            limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => ApiAccess.IsOpenToAll(context.Request)
                ? RateLimitPartition.GetNoLimiter("")
                : RateLimitPartition.GetTokenBucketLimiter(access.CallerOf(context), _ => new()
                {
                    TokenLimit = Burst * settings.RequestsPerSecond,
                    TokensPerPeriod = settings.RequestsPerSecond,
                    ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                }));
            limits.AddPolicy(EventReaders, context => RateLimitPartition.GetConcurrencyLimiter(
                access.CallerOf(context), _ => new() { PermitLimit = settings.MaxEventReaders }));
            limits.OnRejected = (rejected, _) => Refuse(rejected, settings);
        });

    private static async ValueTask Refuse(OnRejectedContext rejected, ApiSettings settings)
    {
        // The limit of streams does not know when one ends; that of requests knows the time.
        var isRate = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait);
        var seconds = isRate ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : 10;
        rejected.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        var expected = isRate
            ? $"at most {settings.RequestsPerSecond} requests per second with one key (setting Api__RequestsPerSecond)"
            : $"at most {settings.MaxEventReaders} streams of events at a time with one key (setting Api__MaxEventReaders)";
        await Results.Problem($"Expected {expected}, found more. Try again in {seconds} s.",
            statusCode: StatusCodes.Status429TooManyRequests, title: "Too many requests.").ExecuteAsync(rejected.HttpContext);
    }
}
