namespace TsVlm.Web.Access;

/// <summary>What a browser may do with a page: nothing from another host, no script in the page, no frame around it.</summary>
internal static class PageHeaders
{
    /// <summary>A report's own script is inline; it sorts tables, and gets no cookie and no address of these pages.</summary>
    public const string ReportPolicy = "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:";

    // Widths of bars are style attributes, of which no text of a user is a part.
    private const string PagePolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    public static Task Add(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = PagePolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return next(context);
    }
}
