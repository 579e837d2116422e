namespace TsVlm.Scenarios.Api;

/// <summary>Answers HEAD as GET, without the body: the server leaves it out by the method that the client sent.</summary>
internal static class HeadRequests
{
    private static readonly object Key = new();

    /// <summary>Lets a HEAD request be routed as GET.</summary>
    public static Task Route(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Items[Key] = true;
            context.Request.Method = HttpMethods.Get;
        }
        return next(context);
    }

    /// <summary>Whether only the headers are asked for, so that a long body need not be read.</summary>
    public static bool IsHead(this HttpContext context) => context.Items.ContainsKey(Key);
}
